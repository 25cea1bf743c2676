import { appendBodies } from './append-bodies.ts'
import {
  type Catalogue,
  type CatalogueFunction,
  type CatalogueTable,
  type CitusNode,
  tenantSchemas,
} from './catalogue.ts'

/** One thing to do. Each looks the same when it is planned again after an interruption, with `isDone` as the catalogue has it. */
export type Step = { isDone: boolean } & (
  | { kind: 'body'; signature: string }
  | { kind: 'table'; table: CatalogueTable; isHead: boolean }
  | { kind: 'function'; signature: string; delegatedBy: string | null }
  | { kind: 'role'; role: string }
  | { kind: 'local-copies'; tables: readonly string[] }
)

export interface Plan {
  steps: readonly Step[]
  /** Tables that stay on the coordinator as they are. */
  staying: readonly string[]
  workers: readonly string[]
}

/** The table whose rows all others of an organization lie beside. */
export const headTable = 'ledger.head'

/** Every tenant table's distribution column. */
export const organizationColumn = 'organization_id'

/** Sessions of these roles work inside an organization, so their `set local` has to reach the workers. */
const tenantRoles = ['attestry_app', 'attestry_retention']

/** Schemas whose tables stay on the coordinator: no row of theirs belongs to an organization alone, no statement joins them to one's. */
const stayingSchemas = ['accounts', 'queue', 'migrations']

/** The first argument of a function that runs where its organization lies. */
const delegatingArgument = 'p_organization'

/**
 * What has to happen so that an organization's rows lie on one worker, in the order in which it has to happen.
 * @param knownMigrations how many this build has
 * @returns the plan, or every reason why nothing may be changed
 */
export function planDistribution(
  catalogue: Catalogue,
  knownMigrations: number,
): { plan: Plan } | { refusals: string[] } {
  const missing = serverRefusals(catalogue)
  if (missing.length > 0) return { refusals: missing }
  const refusals = [
    ...nodeRefusals(catalogue.citus.nodes),
    ...migrationRefusals(catalogue.migrations, knownMigrations),
    ...tableRefusals(catalogue.tables),
  ]
  if (refusals.length > 0) return { refusals }
  const tables = byForeignKeys(catalogue.tables.filter(({ schema }) => tenantSchemas.includes(schema)))
  const isComplete = tables.every(({ distribution }) => distribution !== null)
  return {
    plan: {
      steps: [
        ...bodySteps(catalogue.functions),
        ...tables.map(table => ({
          kind: 'table' as const,
          table,
          isHead: table.name === headTable,
          isDone: table.distribution !== null,
        })),
        ...catalogue.functions.map(functionStep),
        ...tenantRoles.map(role => ({
          kind: 'role' as const,
          role,
          isDone: catalogue.propagatingRoles.includes(role),
        })),
        {
          kind: 'local-copies',
          tables: tables.map(({ name }) => name),
          isDone: isComplete && tables.every(({ localBytes }) => localBytes === 0),
        },
      ],
      staying: catalogue.tables
        .filter(({ schema }) => stayingSchemas.includes(schema))
        .map(({ name }) => name),
      workers: catalogue.citus.nodes.filter(({ holdsShards }) => holdsShards).map(({ address }) => address),
    },
  }
}

function serverRefusals({ serverVersion, isSuperuser, citus }: Catalogue): string[] {
  if (serverVersion < 150_000)
    return ['PostgreSQL is older than 15. Bring every node to one version from 15 on.']
  if (!citus.isAvailable)
    return ['This PostgreSQL has no Citus. Install its package on the coordinator and on every worker.']
  if (!citus.isPreloaded)
    return [
      'Citus is not loaded. Put it first into shared_preload_libraries on every node, set wal_level = logical, and restart.',
    ]
  if (!citus.isCreated)
    return ['This database has no Citus yet. Run `create extension citus` in it, on every node.']
  if (!isSuperuser)
    return [
      'DATABASE_ADMIN_URL has to name a superuser: moving rows past row-level security is more than the owner may.',
    ]
  return []
}

function nodeRefusals(nodes: readonly CitusNode[]): string[] {
  const refusals: string[] = []
  if (!nodes.some(({ isCoordinator }) => isCoordinator))
    refusals.push(
      'The coordinator does not know its own address. Run `select citus_set_coordinator_host(HOST, PORT)`.',
    )
  if (!nodes.some(({ holdsShards }) => holdsShards))
    refusals.push('There is no worker. Run `select citus_add_node(HOST, PORT)` for each.')
  for (const { address, isActive, version } of nodes) {
    if (!isActive)
      refusals.push(`${address} is not active. Run \`select citus_activate_node\` for it, or remove it.`)
    else if (version === null)
      refusals.push(`${address} does not answer. Start it, and let the coordinator sign in there.`)
  }
  const versions = [...new Set(nodes.flatMap(({ version }) => version ?? []))]
  if (versions.length > 1) {
    const list = nodes.map(({ address, version }) => `${address} has ${version ?? 'no answer'}`).join('; ')
    refusals.push(`The nodes run different versions: ${list}. Bring all to the same.`)
  }
  return refusals
}

function migrationRefusals(applied: number, known: number): string[] {
  if (applied === known) return []
  return [
    applied < known
      ? `The schema is behind this build (${applied} of ${known} migrations). Run \`npm run migrate\` first.`
      : `The schema is ahead of this build (${applied} migrations, ${known} known). Use the newer build.`,
  ]
}

function tableRefusals(tables: readonly CatalogueTable[]): string[] {
  const head = tables.find(({ name }) => name === headTable)
  if (!head) return [`${headTable} is missing: this is no database of Attestry.`]
  return tables.flatMap(table => {
    if (stayingSchemas.includes(table.schema))
      return table.distribution === null
        ? []
        : [`${table.name} is distributed, but has to stay on the coordinator. Undistribute it first.`]
    if (!tenantSchemas.includes(table.schema))
      return [
        `${table.name}: no rule says where this table goes. Move it out of the database, or into a known schema.`,
      ]
    return [...shapeRefusals(table), ...halfRefusals(table, head)]
  })
}

function shapeRefusals({
  name,
  hasOrganization,
  isKeyedByOrganization,
  references,
}: CatalogueTable): string[] {
  if (!hasOrganization)
    return [`${name} has no organization_id, so no rule says which worker a row belongs to.`]
  const outside = references.filter(other => !tenantSchemas.includes(other.split('.')[0] ?? ''))
  return [
    ...(isKeyedByOrganization
      ? []
      : [`${name} has a key without organization_id, which no worker alone could keep.`]),
    ...outside.map(other => `${name} has a foreign key to ${other}, which is no table of an organization.`),
  ]
}

/** What an interrupted run leaves is gone on with; whatever lies otherwise was not made by one. */
function halfRefusals({ name, distribution }: CatalogueTable, head: CatalogueTable): string[] {
  if (!distribution) return []
  const half = (how: string) => [
    `The database is half distributed in a way that no run of this leaves: ${name} ${how}. Undistribute it first.`,
  ]
  if (distribution.method !== 'h' || distribution.column !== organizationColumn)
    return half('is not distributed by organization_id')
  if (!head.distribution) return half(`is distributed while ${headTable} is not`)
  if (distribution.colocationId !== head.distribution.colocationId)
    return half(`does not lie beside ${headTable}`)
  return []
}

/** Each table after all that its foreign keys lead to; the head first. */
export function byForeignKeys(tables: readonly CatalogueTable[]): CatalogueTable[] {
  const named = new Map(tables.map(table => [table.name, table]))
  const ordered = new Set<CatalogueTable>()
  const place = (table: CatalogueTable, above: readonly CatalogueTable[]) => {
    if (above.includes(table)) throw new Error(`foreign keys lead from ${table.name} back to it`)
    for (const name of table.references) {
      const other = named.get(name)
      if (other) place(other, [...above, table])
    }
    ordered.add(table)
  }
  const head = named.get(headTable)
  if (head) place(head, [])
  for (const table of tables) place(table, [])
  return [...ordered]
}

function bodySteps(functions: readonly CatalogueFunction[]): Step[] {
  return appendBodies.map(({ signature, body }) => ({
    kind: 'body',
    signature,
    isDone: functions.find(known => known.signature === signature)?.body === body,
  }))
}

function functionStep({ signature, firstArgument, isDefiner, distribution }: CatalogueFunction): Step {
  const isDelegated = isDefiner && firstArgument === delegatingArgument
  return {
    kind: 'function',
    signature,
    delegatedBy: isDelegated ? delegatingArgument : null,
    isDone: distribution !== null && (!isDelegated || (distribution.argument === 0 && distribution.isForced)),
  }
}
