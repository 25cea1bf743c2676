import { sql } from 'drizzle-orm'
import { fromDrizzle, type PgBoss } from 'pg-boss'
import { z } from 'zod'
import type { Transaction } from '../db/client.ts'
import type { Cadence } from './domain/evidence/kinds.ts'
import type { FollowUp } from './ledger/ledger.ts'

/** One sync of one connection. `dueAt` is the slot it was scheduled for; null for a sync that a person asked for. */
const sync = z.strictObject({
  organizationId: z.uuid(),
  connectionId: z.uuid(),
  trigger: z.enum(['connect', 'schedule', 'manual', 'sweep']),
  dueAt: z.iso.datetime().nullable(),
})

/** Jobs there are and what they carry: ids only, never content. */
export const jobSchemas = {
  /** What a connection reads every hour. */
  sync,
  /** What it reads once a day, which may take hours: apart, so that no hourly sync waits for it. */
  'sync-daily': sync,
  /** Makes the archive of one export. */
  'export-archive': z.strictObject({ organizationId: z.uuid(), exportId: z.uuid() }),
  /** Looks for connections whose sync is due and has no job, whatever the reason. */
  sweep: z.strictObject({}),
  /** Seals an organization's log up to its newest event. */
  seal: z.strictObject({ organizationId: z.uuid() }),
  /** Sends the newest checkpoint to one subscriber. */
  'deliver-checkpoint': z.strictObject({ organizationId: z.uuid(), subscriptionId: z.uuid() }),
  /** Looks whether a connection has gone stale: waits for the moment at which it does if nothing comes. */
  'watch-connection': z.strictObject({ organizationId: z.uuid(), connectionId: z.uuid() }),
  /** Sends what is new of alerts to one channel. */
  'deliver-alerts': z.strictObject({ organizationId: z.uuid(), channelId: z.uuid() }),
  /** Verifies an organization's whole ledger. */
  'verify-ledger': z.strictObject({ organizationId: z.uuid(), verificationId: z.uuid() }),
  /** Replays one organization's projections and mends them, or compares alone. */
  'rebuild-projections': z.strictObject({ organizationId: z.uuid(), isCheck: z.boolean() }),
  /** Removes what an organization keeps no longer. */
  purge: z.strictObject({ organizationId: z.uuid() }),
  /** Does what is left to do on an organization's keys, and seals its secrets anew. */
  'renew-secrets': z.strictObject({ organizationId: z.uuid() }),
} as const

export type JobName = keyof typeof jobSchemas
export type JobPayload<N extends JobName> = z.infer<(typeof jobSchemas)[N]>

/** The queue that syncs of a cadence go through. */
export const queueOf = (cadence: Cadence): 'sync' | 'sync-daily' =>
  cadence === 'daily' ? 'sync-daily' : 'sync'

/** A job and what it carries, with when it may begin. */
export type Job = {
  [N in JobName]: { name: N; payload: JobPayload<N>; startAfter?: Date }
}[JobName]

/** Puts jobs into the queue in the transaction of what they follow from: together or not at all. */
export interface Queue {
  enqueue<N extends JobName>(
    transaction: Transaction,
    name: N,
    payload: JobPayload<N>,
    options?: { startAfter?: Date },
  ): Promise<void>
  /** Many at once, one statement for each queue. */
  enqueueAll(transaction: Transaction, jobs: readonly Job[]): Promise<void>
}

/** A seal this long after an append covers what came meanwhile, too. */
const sealDelay = 60_000

/** Puts the seal of what a command appends into the command's own transaction. */
export const sealShortly =
  (queue: Queue): FollowUp =>
  (transaction, organizationId, now) => {
    const startAfter = new Date(now.getTime() + sealDelay)
    return queue.enqueue(transaction, 'seal', { organizationId }, { startAfter })
  }

export function createQueue(boss: PgBoss): Queue {
  return {
    async enqueue(transaction, name, payload, options = {}) {
      const data = jobSchemas[name].parse(payload)
      await boss.send(name, data, {
        db: fromDrizzle(transaction, sql),
        ...singletonOf(name, data),
        ...(options.startAfter ? { startAfter: options.startAfter } : {}),
      })
    },
    async enqueueAll(transaction, jobs) {
      const db = fromDrizzle(transaction, sql)
      for (const name of new Set(jobs.map(job => job.name))) {
        const inserted = jobs.flatMap(job => {
          if (job.name !== name) return []
          const data = jobSchemas[name].parse(job.payload)
          const { startAfter } = job
          return [{ data, ...singletonOf(name, data), ...(startAfter ? { startAfter } : {}) }]
        })
        await boss.insert(name, inserted, { db })
      }
    },
  }
}

/** Of jobs that wait but once, by their queue's policy: what they wait once for. */
function singletonOf(name: JobName, data: JobPayload<JobName>): { singletonKey?: string } {
  if ('subscriptionId' in data) return { singletonKey: data.subscriptionId }
  if ('channelId' in data) return { singletonKey: data.channelId }
  if (name === 'watch-connection' && 'connectionId' in data) return { singletonKey: data.connectionId }
  // However many commands append, one seal of the organization waits; and one purge, and one work on its keys.
  return oncePerOrganization.has(name) && 'organizationId' in data
    ? { singletonKey: data.organizationId }
    : {}
}

const oncePerOrganization = new Set<JobName>(['seal', 'purge', 'renew-secrets'])
