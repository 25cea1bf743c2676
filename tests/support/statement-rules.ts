import { type FuncCall, loadModule, type Node, parseSync } from 'libpg-query'
import { checkQuery, type Report } from './statement-levels.ts'
import { childNodes, isGiven, nameOf, tenantColumnOf } from './statement-tree.ts'

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
  checkQuery(statement, { outer: null, references: [], tables: new Map(), report })
  // A reference in a place that the levels above do not know is refused rather than overlooked.
  for (const node of childNodes(statement)) {
    if ('RangeVar' in node && tenantColumnOf(node.RangeVar) && !report.visited.has(node.RangeVar)) {
      report.problems.push(`${nameOf(node.RangeVar)} stands where no rule looks`)
    }
    if ('FuncCall' in node) report.problems.push(...ledgerCallProblems(node.FuncCall))
  }
  return [...new Set(report.problems)]
}

function ledgerCallProblems(call: FuncCall): string[] {
  const parts = (call.funcname ?? []).map(part => ('String' in part ? (part.String.sval ?? '') : ''))
  if (parts.length !== 2 || !['ledger', 'state', 'rebuild'].includes(parts[0] ?? '')) return []
  const [first] = call.args ?? []
  return first && isGiven(first)
    ? []
    : [`${parts.join('.')} does not take the organization as its first argument`]
}
