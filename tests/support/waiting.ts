import { setTimeout as pause } from 'node:timers/promises'
import type { CatalogSql } from './catalog-rules.ts'

/**
 * Asks again until it is true, and leaves the processor to what it waits for meanwhile. A test that waits for ever ends
 * by its own timeout.
 */
export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await pause(5)
}

/** Resolves when exactly `count` sessions of this database wait for a lock. */
export const untilWaiting = (admin: CatalogSql, count = 1): Promise<void> =>
  until(async () => {
    const rows = await admin`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    return rows.length === count
  })

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
