import { onePage, type SavedFile, tableFile } from '../export/table-file.ts'
import type { AsOf } from '../ledger/position-at.ts'
import type { Access } from '../members/resolve-access.ts'
import type { ShownAlert } from './show-alerts.ts'

/** Alerts that are open, then those that are over. */
export const alertsFile = (
  access: Access,
  asOf: AsOf,
  { open, past }: { open: readonly ShownAlert[]; past: readonly ShownAlert[] },
): SavedFile =>
  tableFile(access, asOf, {
    title: 'Alerts',
    columns: [
      ['Alert', alert => alert.title],
      ['Open', alert => alert.isOpen],
      ['Since', alert => alert.since],
      ['Raised', alert => alert.raisedAt],
      ['What it means', alert => alert.meaning],
      ['Caused at position', alert => alert.causedAt],
      ['Reminders', alert => alert.reminders],
      ['Seen by', alert => alert.acknowledged?.by ?? null],
      ['Seen', alert => alert.acknowledged?.at ?? null],
      ['Ended', alert => alert.ended?.at ?? null],
      ['Ended because', alert => alert.ended?.words ?? null],
    ],
    pages: onePage([...open, ...past]),
  })
