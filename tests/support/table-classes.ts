/**
 * Every table belongs to exactly one class, by its schema and these short lists; what a class grants is written out
 * here once more, by hand, so that a migration that grants more is seen.
 */
export type TableClass = 'ledger' | 'counter' | 'state' | 'person' | 'outside' | 'queue'

export interface ClassRules {
  class: TableClass
  /** The column that binds a row, and the setting its policies compare it with. Null outside a tenant. */
  binding: { column: string; setting: string } | null
  /** Grants besides the owner's: `role PRIVILEGE` or `role PRIVILEGE(column)`. */
  grants: readonly string[]
  /** Triggers, each for all roles and sessions: name → function. */
  triggers: Readonly<Record<string, string>>
}

/** The rules of a table, or null: a table in no class. */
export function classOf(schema: string, table: string): ClassRules | null {
  if (schema === 'ledger') {
    const isCounter = table === 'head'
    return {
      class: isCounter ? 'counter' : 'ledger',
      binding: tenant,
      grants: [...ledgerGrants, ...(extraLedgerGrants[table] ?? [])],
      triggers: { ...(guards[table] ?? { no_change: 'ledger.forbid' }), no_truncate: 'ledger.forbid' },
    }
  }
  if (schema === 'state' || schema === 'rebuild') {
    const isSealable = schema === 'state' && sealableTables.includes(table)
    const grants = [...allOf, ...(extraStateGrants[`${schema}.${table}`] ?? [])]
    return { class: 'state', binding: tenant, grants, triggers: isSealable ? sealGuards : {} }
  }
  if (schema === 'accounts' && table === 'user_membership') {
    return {
      class: 'person',
      binding: { column: 'user_id', setting: 'app.user_id' },
      grants: allOf,
      triggers: {},
    }
  }
  if (schema === 'accounts' && outsideTables.includes(table)) {
    return { class: 'outside', binding: null, grants: allOf, triggers: {} }
  }
  return null
}

/** Schemas whose tables belong to a tenant. */
export const tenantSchemas: readonly string[] = ['ledger', 'state', 'rebuild']

/** Schemas that other code owns and keeps: the queue's and the list of migrations. They hold no tenant row. */
export const foreignSchemas: readonly string[] = ['queue', 'migrations']

/** State that no event leads to. Every other table in `state` is a projection and can be rebuilt. */
export const workingTables: readonly string[] = [
  'invitation',
  'data_key',
  'credential',
  'authorization_attempt',
  'sync_schedule',
  'run_progress',
  'staged_batch',
  'webhook',
  'checkpoint_subscription',
  'alert_channel',
  'delivery',
  'export_archive',
  'export_chunk',
  'verification',
  'projection_rebuild',
  'purge',
  'key_obstacle',
]

/** The functions that run with the owner's rights, and who may call them. */
export const definerFunctions: Readonly<Record<string, readonly string[]>> = {
  'ledger.append': ['attestry_app', 'attestry_retention'],
  'ledger.open_organization': ['attestry_app'],
}

/** Who may look into a schema. */
export const schemaGrants: Readonly<Record<string, readonly string[]>> = {
  ledger: ['attestry_app USAGE', 'attestry_backup USAGE', 'attestry_retention USAGE'],
  state: ['attestry_app USAGE', 'attestry_backup USAGE', 'attestry_retention USAGE'],
  rebuild: ['attestry_app USAGE', 'attestry_backup USAGE', 'attestry_retention USAGE'],
  accounts: ['attestry_app USAGE', 'attestry_backup USAGE'],
}

/** Projections whose rows admit no change once their assessment is approved. */
export const sealableTables: readonly string[] = ['assessment', 'assessment_evidence']

const tenant = { column: 'organization_id', setting: 'app.organization_id' }

/** Read before a tenant is known, or belonging to a person alone. */
const outsideTables = [
  'users',
  'sessions',
  'credentials',
  'verifications',
  'two_factors',
  'passkeys',
  'rate_limits',
  'registrations',
  'organization_slug',
]

const allOf = [
  'attestry_app DELETE',
  'attestry_app INSERT',
  'attestry_app SELECT',
  'attestry_app UPDATE',
  'attestry_backup SELECT',
]

const ledgerGrants = ['attestry_app SELECT', 'attestry_backup SELECT', 'attestry_retention SELECT']

const extraLedgerGrants: Readonly<Record<string, readonly string[]>> = {
  // A lock on the head wants an UPDATE right on some column.
  head: ['attestry_app UPDATE(organization_id)', 'attestry_retention UPDATE(organization_id)'],
  item: ['attestry_app INSERT'],
  item_body: [
    'attestry_app INSERT',
    'attestry_app UPDATE(sealed_by)',
    'attestry_retention DELETE',
    'attestry_retention UPDATE(purged_at_position)',
    'attestry_retention UPDATE(sealed_until)',
  ],
  evidence: ['attestry_app INSERT'],
  evidence_delta: ['attestry_app INSERT'],
  sealed_stream: ['attestry_app INSERT'],
  purged_item: ['attestry_retention INSERT'],
  log_key: ['attestry_app INSERT'],
  tile: ['attestry_app INSERT'],
  checkpoint: ['attestry_app INSERT'],
}

const sealGuards = {
  guard: 'ledger.assessment_guard',
  insert_guard: 'ledger.assessment_guard',
  no_truncate: 'ledger.forbid',
}

/** What a purge needs beside the ledger: names that lists copied out of bodies, its own record, and a look at a rebuild. */
const labels = [
  'attestry_retention SELECT',
  'attestry_retention UPDATE(label)',
  'attestry_retention UPDATE(login)',
  'attestry_retention UPDATE(is_listed_guest)',
]
const extraStateGrants: Readonly<Record<string, readonly string[]>> = {
  'state.membership': labels,
  'rebuild.membership': labels,
  'state.purge': ['attestry_retention SELECT', 'attestry_retention UPDATE'],
  'state.organization_profile': ['attestry_retention SELECT'],
  'state.projection_rebuild': ['attestry_retention SELECT', 'attestry_retention UPDATE(lease_until)'],
}

const guards: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  head: { guard: 'ledger.counter_guard' },
  item_body: { guard: 'ledger.body_guard' },
}
