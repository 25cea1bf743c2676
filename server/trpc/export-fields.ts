import { z } from 'zod'
import { exportStatuses } from '../export/export-record.ts'
import { partNames } from '../export/part.ts'

/** What answers about exports have in common. */

export const listedExportOutput = z.strictObject({
  exportId: z.uuid(),
  /** Null where the whole organization is covered. */
  period: z.strictObject({ from: z.date(), to: z.date() }).nullable(),
  /** The assessment that it is of; null for any other export. */
  assessmentId: z.uuid().nullable(),
  /** The moment that it goes up to: not the one at which the answer was read. */
  upTo: z.strictObject({ instant: z.date(), position: z.int() }),
  status: z.enum(exportStatuses),
  requestedAt: z.date(),
  requestedBy: z.string(),
  bytes: z.int().nullable(),
  sha256: z.string().nullable(),
  explanation: z.string().nullable(),
  finishedAt: z.date().nullable(),
  expiresAt: z.date().nullable(),
})

export const partOutput = z.strictObject({
  name: z.enum(partNames),
  title: z.string(),
  state: z.enum(['waiting', 'writing', 'written']),
  files: z.int(),
  bytes: z.int(),
  counted: z.string().nullable(),
})
