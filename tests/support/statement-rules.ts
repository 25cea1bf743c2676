import { loadModule, type Node, parseSync } from 'libpg-query'
import { checkInsert, checkQuery, type Scope } from './statement-levels.ts'
import { childNodes, nameOf, tenantColumnOf } from './statement-tree.ts'

await loadModule()

/**
 * Holds one statement to the rule that every reference to a tenant table, at every level, names its organization: an
 * equality of `organization_id` with a parameter or constant, or with that of a reference which has one; an INSERT
 * gives the column such a value; the ledger's functions take it as their first argument. PostgreSQL's own parser
 * reads the statement.
 * @returns what is wrong, empty when nothing is
 */
export function statementProblems(statement: string): string[] {
  let parsed: ReturnType<typeof parseSync>
  try {
    parsed = parseSync(statement)
  } catch (error) {
    return [`it cannot be parsed: ${error instanceof Error ? error.message : String(error)}`]
  }
  return (parsed.stmts ?? []).flatMap(({ stmt }) => (stmt ? problemsOf(stmt) : []))
}

function problemsOf(statement: Node): string[] {
  const report: Report = { problems: [], visited: new Set() }
  const scope: Scope = { outer: null, references: [], tables: new Map(), report }
  if ('InsertStmt' in statement) checkInsert(statement.InsertStmt, scope)
  else checkQuery(statement, scope)
  // A reference in a place that the levels above do not know is refused rather than overlooked.
  for (const node of childNodes(statement)) {
    if ('RangeVar' in node && tenantColumnOf(node.RangeVar) && !report.visited.has(node.RangeVar)) {
      report.problems.push(`${nameOf(node.RangeVar)} stands where no rule looks`)
    }
    if ('FuncCall' in node) report.problems.push(...ledgerCallProblems(node.FuncCall))
  }
  return [...new Set(report.problems)]
}

/** What was found, and which references to tables were looked at. */
export interface Report {
  problems: string[]
  visited: Set<object>
}

function ledgerCallProblems(call: import('libpg-query').FuncCall): string[] {
  const parts = (call.funcname ?? []).map(part => ('String' in part ? (part.String.sval ?? '') : ''))
  if (parts.length !== 2 || !['ledger', 'state'].includes(parts[0] ?? '')) return []
  const [first] = call.args ?? []
  return first && isGiven(first) ? [] : [`${parts.join('.')} does not take the organization as its first argument`]
}

/** A parameter or a constant, cast or not: a value that was known before any row was read. */
export function isGiven(node: Node): boolean {
  if ('ParamRef' in node) return true
  if ('A_Const' in node) return node.A_Const.isnull !== true
  return 'TypeCast' in node && node.TypeCast.arg !== undefined && isGiven(node.TypeCast.arg)
}
