import { setTimeout as pause } from 'node:timers/promises'
import type { CatalogSql } from './catalog-rules.ts'

/**
 * Asks again until it is true, and leaves the processor to what it waits for meanwhile. A test that waits for ever ends
 * by its own timeout.
 */
export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await pause(5)
}

/** Resolves when exactly `count` sessions of this database wait for a lock, on a cluster on whichever node. */
export async function untilWaiting(admin: CatalogSql, count = 1): Promise<void> {
  const [cluster] = await admin`select where to_regclass('pg_catalog.citus_stat_activity') is not null`
  const sessions = cluster ? 'citus_stat_activity' : 'pg_stat_activity'
  await until(async () => {
    const rows = await admin.unsafe(
      `select from ${sessions} where datname = current_database() and wait_event_type = 'Lock'`,
    )
    return rows.length === count
  })
}

/** A point that others wait at until it is opened. */
export interface Gate {
  opened: Promise<void>
  open: () => void
}

export function closedGate(): Gate {
  let open: () => void = () => undefined
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { opened, open: () => open() }
}
