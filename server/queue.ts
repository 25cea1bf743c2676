import { sql } from 'drizzle-orm'
import { fromDrizzle, type PgBoss } from 'pg-boss'
import { z } from 'zod'
import type { Transaction } from '../db/client.ts'

/** Jobs there are and what they carry: ids only, never content. */
export const jobSchemas = {
  /** One sync of one connection. `dueAt` is the slot it was scheduled for; null for a sync that a person asked for. */
  sync: z.strictObject({
    organizationId: z.uuid(),
    connectionId: z.uuid(),
    trigger: z.enum(['connect', 'schedule', 'manual', 'sweep']),
    dueAt: z.iso.datetime().nullable(),
  }),
  /** Looks for connections whose sync is due and has no job, whatever the reason. */
  sweep: z.strictObject({}),
} as const

export type JobName = keyof typeof jobSchemas
export type JobPayload<N extends JobName> = z.infer<(typeof jobSchemas)[N]>

/** Puts jobs into the queue in the transaction of what they follow from: together or not at all. */
export interface Queue {
  enqueue<N extends JobName>(
    transaction: Transaction,
    name: N,
    payload: JobPayload<N>,
    options?: { startAfter?: Date },
  ): Promise<void>
}

export function createQueue(boss: PgBoss): Queue {
  return {
    async enqueue(transaction, name, payload, options = {}) {
      await boss.send(name, jobSchemas[name].parse(payload), {
        db: fromDrizzle(transaction, sql),
        ...(options.startAfter ? { startAfter: options.startAfter } : {}),
      })
    },
  }
}
