import {
  type AlterTableCmd,
  type AlterTableStmt,
  type ColumnDef,
  type Constraint,
  type CreateFunctionStmt,
  loadModule,
  type Node,
  parseSync,
  type RangeVar,
} from 'libpg-query'
import { oldestBuildFor } from '../../db/contractions.ts'
import { childNodes, columnOf } from './statement-tree.ts'

await loadModule()

export interface Migration {
  /** Its file's name, which begins with its number. */
  readonly tag: string
  readonly text: string
}

/** What there is before a migration, as far as the rules ask. */
interface Before {
  /** Tables that the migration makes, or the one directly before it: no build that runs uses them. */
  readonly newTables: ReadonlySet<string>
  /** Columns that the migration adds to a table that was there: `schema.table.column`. */
  readonly newColumns: ReadonlySet<string>
  /** Constraints of which the migration says that they refuse nothing which they took before. */
  readonly widened: ReadonlySet<string>
  /** The parameters of each function by its name, once for each that there is. */
  readonly signatures: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * What a migration does that a build which was released before it cannot live with. Such a thing is a contraction: it
 * comes a version after the last use, and the migration says which, `-- contracts: state.thing, unused since 0034`. A
 * constraint that is made anew and takes all that it took says so: `-- widens: NAME`.
 * @param earlier the migrations before it, in their order
 * @returns one sentence for each; none where the migration says what it contracts
 */
export function breaksOf(migration: Migration, earlier: readonly Migration[]): string[] {
  const statements = statementsOf(migration)
  const number = Number(migration.tag.slice(0, 4))
  const oldest = oldestBuildFor(migration.text)
  if (oldest !== null)
    return oldest <= number ? [] : ['it contracts what no migration before it can have made unused']
  const last = earlier.at(-1)
  const before: Before = {
    newTables: new Set([...statements, ...(last ? statementsOf(last) : [])].flatMap(madeTable)),
    newColumns: new Set(statements.flatMap(addedColumns)),
    widened: new Set([...migration.text.matchAll(/^--\s*widens: (\w+)/gim)].map(([, name]) => name ?? '')),
    signatures: signaturesOf(earlier),
  }
  return statements.flatMap(statement => breaksOfStatement(statement, before))
}

const statementsOf = ({ text }: Migration): Node[] =>
  (parseSync(text).stmts ?? []).flatMap(({ stmt }) => (stmt ? [stmt] : []))

const tableName = ({ schemaname, relname }: RangeVar = {}) => `${schemaname ?? 'public'}.${relname ?? ''}`

const madeTable = (statement: Node): string[] =>
  'CreateStmt' in statement ? [tableName(statement.CreateStmt.relation)] : []

function addedColumns(statement: Node): string[] {
  if (!('AlterTableStmt' in statement)) return []
  const table = tableName(statement.AlterTableStmt.relation)
  return commandsOf(statement.AlterTableStmt).flatMap(({ subtype, def }) =>
    subtype === 'AT_AddColumn' && def && 'ColumnDef' in def ? [`${table}.${def.ColumnDef.colname}`] : [],
  )
}

const commandsOf = ({ cmds = [] }: AlterTableStmt): AlterTableCmd[] =>
  cmds.flatMap(command => ('AlterTableCmd' in command ? [command.AlterTableCmd] : []))

const lastWord = (names: readonly Node[] = []) =>
  names.flatMap(name => ('String' in name ? [name.String.sval ?? ''] : [])).join('.')

function signatureOf({ parameters = [] }: CreateFunctionStmt): string {
  const taken = parameters.flatMap(node => ('FunctionParameter' in node ? [node.FunctionParameter] : []))
  return taken
    .filter(({ mode }) => mode !== 'FUNC_PARAM_TABLE' && mode !== 'FUNC_PARAM_OUT')
    .map(
      ({ argType }) =>
        lastWord(argType?.names).replace('pg_catalog.', '') + (argType?.arrayBounds ? '[]' : ''),
    )
    .join(', ')
}

function signaturesOf(migrations: readonly Migration[]): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>()
  for (const statement of migrations.flatMap(statementsOf)) {
    if (!('CreateFunctionStmt' in statement)) continue
    const name = lastWord(statement.CreateFunctionStmt.funcname)
    known.set(name, (known.get(name) ?? new Set()).add(signatureOf(statement.CreateFunctionStmt)))
  }
  return known
}

/** What a build may use by its name. */
const used = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_SCHEMA',
  'OBJECT_SEQUENCE',
  'OBJECT_TYPE',
  'OBJECT_DOMAIN',
  'OBJECT_FUNCTION',
  'OBJECT_PROCEDURE',
  'OBJECT_ROUTINE',
  'OBJECT_POLICY',
])

function breaksOfStatement(statement: Node, before: Before): string[] {
  if ('DropStmt' in statement) {
    const { removeType = 'OBJECT_TABLE' } = statement.DropStmt
    return used.has(removeType) ? [`it drops a ${removeType.slice(7).toLowerCase()}`] : []
  }
  if ('RenameStmt' in statement) return ['it renames something']
  if ('AlterObjectSchemaStmt' in statement) return ['it moves something to another schema']
  if ('TruncateStmt' in statement) return ['it empties a table']
  if ('DoStmt' in statement) return ['it does what cannot be read here']
  if ('AlterTableStmt' in statement) return breaksOfAlteration(statement.AlterTableStmt, before)
  if ('IndexStmt' in statement) {
    const { unique, relation, idxname, indexParams = [] } = statement.IndexStmt
    const table = tableName(relation)
    const columns = indexParams.flatMap(node => ('IndexElem' in node ? [node.IndexElem.name ?? ''] : []))
    const isFree = columns.some(column => before.newColumns.has(`${table}.${column}`))
    return unique && !before.newTables.has(table) && !isFree
      ? [`its unique index ${idxname} on ${table} refuses what was taken`]
      : []
  }
  if ('CreatePolicyStmt' in statement) {
    const { permissive, table } = statement.CreatePolicyStmt
    return !permissive && !before.newTables.has(tableName(table))
      ? [`its policy on ${tableName(table)} refuses what was taken`]
      : []
  }
  if ('GrantStmt' in statement) {
    const { is_grant: isGrant, objtype, objects = [] } = statement.GrantStmt
    if (isGrant || objtype !== 'OBJECT_TABLE') return []
    const tables = objects.flatMap(node => ('RangeVar' in node ? [tableName(node.RangeVar)] : []))
    return tables
      .filter(table => !before.newTables.has(table))
      .map(table => `it revokes what was granted on ${table}`)
  }
  if ('CreateFunctionStmt' in statement) {
    const name = lastWord(statement.CreateFunctionStmt.funcname)
    const known = before.signatures.get(name)
    return !known || known.has(signatureOf(statement.CreateFunctionStmt))
      ? []
      : [`it gives ${name} another signature`]
  }
  return []
}

function breaksOfAlteration(alteration: AlterTableStmt, before: Before): string[] {
  const table = tableName(alteration.relation)
  if (before.newTables.has(table)) return []
  return commandsOf(alteration).flatMap(({ subtype, name = '', def }) => {
    if (subtype === 'AT_AddColumn' && def && 'ColumnDef' in def) return breaksOfColumn(table, def.ColumnDef)
    if (subtype === 'AT_AddConstraint' && def && 'Constraint' in def)
      return isLenient(table, def.Constraint, before)
        ? []
        : [`its constraint ${def.Constraint.conname} on ${table} refuses what was taken`]
    const done = subtype ? hardOnColumns[subtype] : undefined
    return done && !before.newColumns.has(`${table}.${name}`) ? [`it ${done} ${table}.${name}`] : []
  })
}

const hardOnColumns: Readonly<Record<string, string>> = {
  AT_DropColumn: 'drops the column',
  AT_AlterColumnType: 'changes the type of',
  AT_SetNotNull: 'demands a value in',
}

function breaksOfColumn(table: string, { colname, constraints = [] }: ColumnDef): string[] {
  const kinds = constraints.flatMap(node => ('Constraint' in node ? [node.Constraint.contype] : []))
  const isRequired = kinds.includes('CONSTR_NOTNULL') || kinds.includes('CONSTR_PRIMARY')
  const isFilled = (['CONSTR_DEFAULT', 'CONSTR_GENERATED', 'CONSTR_IDENTITY'] as const).some(kind =>
    kinds.includes(kind),
  )
  return isRequired && !isFilled ? [`its column ${table}.${colname} needs a value that nobody gives yet`] : []
}

/** Whether a constraint lets all through that a build writes which does not know it. */
function isLenient(table: string, constraint: Constraint, { newColumns, widened }: Before): boolean {
  if (widened.has(constraint.conname ?? '')) return true
  const isNew = (column: string) => newColumns.has(`${table}.${column}`)
  if (constraint.contype === 'CONSTR_CHECK') {
    const columns = [...childNodes(constraint.raw_expr)].flatMap(node =>
      'ColumnRef' in node ? [columnOf(node.ColumnRef).name] : [],
    )
    return columns.length > 0 && columns.every(isNew)
  }
  // Where one of its columns is empty, and that is what such a build leaves there, a key refuses nothing.
  const keys = [...(constraint.keys ?? []), ...(constraint.fk_attrs ?? [])]
  return keys.some(key => 'String' in key && isNew(key.String.sval ?? ''))
}
