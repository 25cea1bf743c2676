import type { ColumnRef, Node, RangeVar } from 'libpg-query'
import { classOf } from './table-classes.ts'

/** The column that binds the rows of a table to a tenant or a person, or null for a table outside both. */
export function tenantColumnOf({ schemaname, relname }: RangeVar): string | null {
  return classOf(schemaname ?? '', relname ?? '')?.binding?.column ?? null
}

export function nameOf({ schemaname, relname, alias }: RangeVar): string {
  const table = schemaname ? `${schemaname}.${relname}` : `${relname}`
  return alias?.aliasname ? `${table} as ${alias.aliasname}` : table
}

/** The qualifier and the name of a column, `*` for all of them. */
export function columnOf({ fields = [] }: ColumnRef): { qualifier: string | null; name: string } {
  const parts = fields.map(field => ('String' in field ? (field.String.sval ?? '') : '*'))
  // `schema.table.column` names its table by the part before the last.
  return { qualifier: parts.at(-2) ?? null, name: parts.at(-1) ?? '' }
}

/** The conditions that all must hold. */
export function conjuncts(condition: Node | undefined): Node[] {
  if (!condition) return []
  if ('BoolExpr' in condition && condition.BoolExpr.boolop === 'AND_EXPR') {
    return (condition.BoolExpr.args ?? []).flatMap(conjuncts)
  }
  return [condition]
}

/** Both sides of a plain equality. */
export function equality(node: Node): [Node, Node] | null {
  if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_OP') return null
  const { name = [], lexpr, rexpr } = node.A_Expr
  const [operator] = name
  const isEquals = name.length === 1 && operator && 'String' in operator && operator.String.sval === '='
  return isEquals && lexpr && rexpr ? [lexpr, rexpr] : null
}

/** A parameter or a constant, cast or not: a value that was known before any row was read. */
export function isGiven(node: Node): boolean {
  if ('ParamRef' in node) return true
  if ('A_Const' in node) return node.A_Const.isnull !== true
  return 'TypeCast' in node && node.TypeCast.arg !== undefined && isGiven(node.TypeCast.arg)
}

/** Every node of a tree, in the order of its text. `stop` keeps a node and leaves out what is below it. */
export function* childNodes(value: unknown, stop: (node: Node) => boolean = () => false): Generator<Node> {
  if (Array.isArray(value)) {
    for (const entry of value) yield* childNodes(entry, stop)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      if (/^[A-Z]/.test(key) && isRecord(child)) {
        // The parser writes each node as an object with its type's name as the only key.
        const node = { [key]: child } as unknown as Node
        yield node
        if (stop(node)) continue
      } else if (key === 'relation' && isRecord(child)) {
        // The target of a change stands there without its type's name.
        yield { RangeVar: child }
      }
      yield* childNodes(child, stop)
    }
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
