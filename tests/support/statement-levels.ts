import type {
  DeleteStmt,
  InsertStmt,
  JoinExpr,
  Node,
  RangeVar,
  SelectStmt,
  UpdateStmt,
  WithClause,
} from 'libpg-query'
import {
  childNodes,
  columnOf,
  conjuncts,
  equality,
  isGiven,
  nameOf,
  tenantColumnOf,
} from './statement-tree.ts'

/** A table, or what a subquery answers, as one level of a query knows it. */
interface Reference {
  alias: string
  /** What people read. */
  name: string
  /** The column that must be bound; for what a subquery answers the organization's. */
  column: string
  /** Whether it holds rows of a tenant by itself. */
  isTable: boolean
  isBound: boolean
}

/** What was found, and which references to tables were looked at. */
export interface Report {
  problems: string[]
  visited: Set<object>
}

/** One level of a query: what it can name, and the levels around it. */
export interface Scope {
  outer: Scope | null
  references: Reference[]
  /** Common table expressions by name: whether the organization they answer is bound. */
  tables: Map<string, boolean>
  report: Report
}

/** An equality that limits the rows of some references, by the place where it stands. */
interface Limit {
  sides: [Node, Node]
  limits: ReadonlySet<Reference>
}

/** Checks a query and everything in it. @returns whether the organization it answers is bound */
export function checkQuery(node: Node, scope: Scope): boolean {
  if ('SelectStmt' in node) return checkSelect(node.SelectStmt, scope)
  if ('UpdateStmt' in node) return checkUpdate(node.UpdateStmt, scope)
  if ('DeleteStmt' in node) return checkDelete(node.DeleteStmt, scope)
  if ('InsertStmt' in node) return checkInsert(node.InsertStmt, scope)
  if ('DeclareCursorStmt' in node && node.DeclareCursorStmt.query)
    return checkQuery(node.DeclareCursorStmt.query, scope)
  if ('DeclareCursorStmt' in node && node.DeclareCursorStmt.query) {
    return checkQuery(node.DeclareCursorStmt.query, scope)
  }
  return false
}

function checkSelect(select: SelectStmt, outer: Scope): boolean {
  const scope = inner(outer)
  checkWith(select.withClause, scope)
  if (select.larg && select.rarg) {
    const sides = [select.larg, select.rarg].map(side => checkSelect(side, scope))
    checkExpressions([select.sortClause, select.limitCount, select.limitOffset], scope)
    return sides.every(Boolean)
  }
  checkLevel(scope, select.fromClause ?? [], select.whereClause)
  const { fromClause: _, whereClause: __, withClause: ___, lockingClause: ____, ...rest } = select
  checkExpressions(rest, scope)
  return answersBound(select.targetList ?? [], scope)
}

function checkUpdate(update: UpdateStmt, outer: Scope): boolean {
  const scope = inner(outer)
  checkWith(update.withClause, scope)
  checkLevel(scope, update.fromClause ?? [], update.whereClause, update.relation)
  const column = update.relation && tenantColumnOf(update.relation)
  for (const target of update.targetList ?? []) {
    if (column && 'ResTarget' in target && target.ResTarget.name === column) {
      scope.report.problems.push(`${nameOf(update.relation ?? {})}: ${column} is set`)
    }
  }
  checkExpressions([update.targetList, update.returningClause], scope)
  return answersBound(update.returningClause?.exprs ?? [], scope)
}

function checkDelete(remove: DeleteStmt, outer: Scope): boolean {
  const scope = inner(outer)
  checkWith(remove.withClause, scope)
  checkLevel(scope, remove.usingClause ?? [], remove.whereClause, remove.relation)
  checkExpressions([remove.returningClause], scope)
  return answersBound(remove.returningClause?.exprs ?? [], scope)
}

/** The values of an INSERT stand for its row's organization. */
function checkInsert(insert: InsertStmt, outer: Scope): boolean {
  const scope = inner(outer)
  checkWith(insert.withClause, scope)
  const { relation, selectStmt } = insert
  const column = relation ? tenantColumnOf(relation) : null
  const columns = (insert.cols ?? []).map(node => ('ResTarget' in node ? node.ResTarget.name : undefined))
  const index = column ? columns.indexOf(column) : -1
  const select = selectStmt && 'SelectStmt' in selectStmt ? selectStmt.SelectStmt : undefined
  const isBound = select ? gives(select, index, scope) : false
  if (relation) {
    scope.report.visited.add(relation)
    if (column && !isBound)
      scope.report.problems.push(`${nameOf(relation)}: the insert gives ${column} no known value`)
    scope.references.push(...targetOf(relation, column, isBound))
  }
  checkExpressions([insert.onConflictClause, insert.returningClause], scope)
  return answersBound(insert.returningClause?.exprs ?? [], scope)
}

/** Checks what an INSERT reads. @returns whether the column at `index` always is a known organization */
function gives(select: SelectStmt, index: number, outer: Scope): boolean {
  if (select.valuesLists) {
    checkExpressions(select.valuesLists, outer)
    return select.valuesLists.every(row => {
      const value = 'List' in row ? row.List.items?.[index] : undefined
      return value !== undefined && isGiven(value)
    })
  }
  checkSelect(select, outer)
  const scope = inner(outer)
  checkWith(select.withClause, scope)
  checkLevel(scope, select.fromClause ?? [], select.whereClause)
  const target = select.targetList?.[index]
  return target !== undefined && 'ResTarget' in target && isBoundValue(target.ResTarget.val, scope)
}

const inner = (outer: Scope): Scope => ({ outer, references: [], tables: new Map(), report: outer.report })

function checkWith(clause: WithClause | undefined, scope: Scope) {
  for (const node of clause?.ctes ?? []) {
    if (!('CommonTableExpr' in node)) continue
    const { ctename = '', ctequery } = node.CommonTableExpr
    // A recursive one may name itself; until it is known it is bound by nothing.
    scope.tables.set(ctename, false)
    scope.tables.set(ctename, ctequery ? checkQuery(ctequery, scope) : false)
  }
}

/** Finds a level's references, what binds them, and reports the tenant tables that nothing does. */
function checkLevel(scope: Scope, from: readonly Node[], where: Node | undefined, target?: RangeVar) {
  const limits: Limit[] = []
  const queries: { query: Node; reference: Reference }[] = []
  if (target) {
    scope.report.visited.add(target)
    scope.references.push(...targetOf(target, tenantColumnOf(target), false))
  }
  const add = (references: readonly Reference[]) => {
    scope.references.push(...references)
    return [...references]
  }
  const visit = (node: Node): Reference[] => {
    if ('RangeVar' in node) {
      scope.report.visited.add(node.RangeVar)
      return add(tableReference(node.RangeVar, scope))
    }
    if ('JoinExpr' in node) return visitJoin(node.JoinExpr)
    if ('RangeSubselect' in node && node.RangeSubselect.subquery) {
      const alias = node.RangeSubselect.alias?.aliasname ?? ''
      const reference = { alias, name: alias, column: 'organization_id', isTable: false, isBound: false }
      queries.push({ query: node.RangeSubselect.subquery, reference })
      return add([reference])
    }
    return []
  }
  const visitJoin = ({ jointype, larg, rarg, quals }: JoinExpr): Reference[] => {
    const left = larg ? visit(larg) : []
    const right = rarg ? visit(rarg) : []
    // The condition of an outer join says nothing of the side that is kept whole.
    const limited =
      jointype === 'JOIN_INNER'
        ? [...left, ...right]
        : jointype === 'JOIN_LEFT'
          ? right
          : jointype === 'JOIN_RIGHT'
            ? left
            : []
    limits.push(...limitsOf(quals, new Set(limited)))
    return [...left, ...right]
  }
  for (const node of from) visit(node)
  limits.push(...limitsOf(where, new Set(scope.references)))
  settle(scope, limits)
  for (const { query, reference } of queries) {
    reference.isBound = checkQuery(query, scope)
    settle(scope, limits)
  }
  for (const { name, column, isTable, isBound } of scope.references) {
    if (isTable && !isBound) scope.report.problems.push(`${name} is read or changed without its ${column}`)
  }
  // What stands in conditions and in functions of FROM is checked with everything bound that will be.
  checkExpressions([where], scope)
  checkExpressions(from, scope, node => 'RangeSubselect' in node)
}

const limitsOf = (condition: Node | undefined, limits: ReadonlySet<Reference>): Limit[] =>
  conjuncts(condition).flatMap(node => {
    const sides = equality(node)
    return sides ? [{ sides, limits }] : []
  })

/** Passes the bond on along equalities until nothing more is bound. */
function settle(scope: Scope, limits: readonly Limit[]) {
  for (let changed = true; changed; ) {
    changed = false
    for (const { sides, limits: limited } of limits) {
      for (const [one, other] of [sides, [sides[1], sides[0]]] as const) {
        const reference = referenceOf(one, scope)
        if (!reference || reference.isBound || !limited.has(reference) || !isBoundValue(other, scope))
          continue
        reference.isBound = true
        changed = true
      }
    }
  }
}

/** A known value, or the organization of a bound reference of this level or one around it. */
function isBoundValue(node: Node | undefined, scope: Scope): boolean {
  if (!node) return false
  if (isGiven(node)) return true
  if ('TypeCast' in node) return isBoundValue(node.TypeCast.arg, scope)
  for (let level: Scope | null = scope; level; level = level.outer) {
    const reference = referenceOf(node, level)
    if (reference) return reference.isBound
  }
  return false
}

/** The reference of this level whose binding column a node names. */
function referenceOf(node: Node, scope: Scope): Reference | undefined {
  if (!('ColumnRef' in node)) return undefined
  const { qualifier, name } = columnOf(node.ColumnRef)
  if (qualifier !== null) {
    return scope.references.find(reference => reference.alias === qualifier && reference.column === name)
  }
  const named = scope.references.filter(reference => reference.column === name)
  const tables = named.filter(reference => reference.isTable)
  if (tables.length > 0) return tables.length === 1 ? tables[0] : undefined
  return named.length === 1 ? named[0] : undefined
}

/** Subqueries in expressions; each looks at this level from within. */
function checkExpressions(value: unknown, scope: Scope, alsoStopAt: (node: Node) => boolean = () => false) {
  const isQuery = (node: Node) => 'SelectStmt' in node
  for (const node of childNodes(value, node => isQuery(node) || alsoStopAt(node))) {
    if (isQuery(node)) checkQuery(node, scope)
  }
}

/** Whether a column that the query answers as `organization_id` is bound. */
function answersBound(targets: readonly Node[], scope: Scope): boolean {
  return targets.some(target => {
    if (!('ResTarget' in target) || !target.ResTarget.val) return false
    const { name, val } = target.ResTarget
    if ('ColumnRef' in val && columnOf(val.ColumnRef).name === '*') {
      const { qualifier } = columnOf(val.ColumnRef)
      return scope.references.some(
        ({ alias, column, isBound }) =>
          isBound && column === 'organization_id' && (qualifier === null || qualifier === alias),
      )
    }
    const answered = name ?? ('ColumnRef' in val ? columnOf(val.ColumnRef).name : '')
    return answered === 'organization_id' && isBoundValue(val, scope)
  })
}

function tableReference(table: RangeVar, scope: Scope): Reference[] {
  if (!table.schemaname) {
    for (let level: Scope | null = scope; level; level = level.outer) {
      const isBound = level.tables.get(table.relname ?? '')
      if (isBound === undefined) continue
      const alias = table.alias?.aliasname ?? table.relname ?? ''
      return [{ alias, name: alias, column: 'organization_id', isTable: false, isBound }]
    }
  }
  return targetOf(table, tenantColumnOf(table), false)
}

const targetOf = (table: RangeVar, column: string | null, isBound: boolean): Reference[] =>
  column === null
    ? []
    : [
        {
          alias: table.alias?.aliasname ?? table.relname ?? '',
          name: nameOf(table),
          column,
          isTable: true,
          isBound,
        },
      ]
