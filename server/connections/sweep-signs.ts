import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { open } from '../projections/range.ts'

/** What an organization has of the things that a sweep may have to act on: most have hardly any. */
export interface SweepSigns extends Record<string, unknown> {
  attempts: boolean
  deliveries: boolean
  subscriptions: boolean
  channels: boolean
  verifications: boolean
  rebuilds: boolean
  openAlerts: boolean
  /** Archives that are being made or are kept. */
  archives: boolean
}

/** One statement in place of one for each, and each no more than a look into an index. */
export async function readSweepSigns(transaction: Transaction, organizationId: string): Promise<SweepSigns> {
  const has = (rows: string, condition = sql``) =>
    sql`exists (select from ${sql.raw(rows)} t where t.organization_id = ${organizationId} ${condition})`
  const [signs] = await transaction.execute<SweepSigns>(sql`
    select ${has('state.authorization_attempt')} as attempts,
           ${has('state.delivery')} as deliveries,
           ${has('state.checkpoint_subscription')} as subscriptions,
           ${has('state.alert_channel')} as channels,
           ${has('state.verification')} as verifications,
           ${has('state.projection_rebuild')} as rebuilds,
           ${has('state.alert', sql`and t.to_position = ${open} and t.is_open`)} as "openAlerts",
           ${has('state.export_archive', sql`and t.status in ('requested', 'building', 'ready')`)} as archives`)
  if (!signs) throw new TypeError('a statement of one row answered none')
  return signs
}
