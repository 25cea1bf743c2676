import { and, eq, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { exportArchive } from '../../db/schema/state.ts'
import { AppError } from '../errors.ts'
import { partNames } from './part.ts'

/** How far an export is. `expired`: its archive was there and is gone. */
export const exportStatuses = ['requested', 'building', 'ready', 'failed', 'expired'] as const
export type ExportStatus = (typeof exportStatuses)[number]

/** The status of a row. @throws {AppError} internal for one that no code knows */
export function statusOf(text: string): ExportStatus {
  const status = exportStatuses.find(known => known === text)
  if (!status) throw new AppError('internal', `unknown export status ${text}`)
  return status
}

export interface ExportKey {
  organizationId: string
  exportId: string
}

/** The row of an export. */
export const isExport = ({ organizationId, exportId }: ExportKey): SQL | undefined =>
  and(eq(exportArchive.organizationId, organizationId), eq(exportArchive.id, exportId))

const partProgress = z.strictObject({
  name: z.enum(partNames),
  state: z.enum(['waiting', 'writing', 'written']),
  files: z.int(),
  bytes: z.int(),
  /** Lines, tiles or rows so far, whatever the part is made of. */
  items: z.int(),
})

const progressSchema = z.strictObject({
  /** Which attempt may write; another than one's own means that one has lost the export. */
  attempt: z.uuid().nullable(),
  /** How many attempts there were. */
  attempts: z.int(),
  /** Real time of the last word, ISO 8601. */
  saidAt: z.iso.datetime(),
  parts: z.array(partProgress),
  /** The size of the checkpoint that the archive is held to; null before it is known. */
  checkpointSize: z.int().nullable(),
})
export type ExportProgress = z.infer<typeof progressSchema>

/** The progress of a row, as it was stored by this product. */
export const progressOf = (stored: unknown): ExportProgress => progressSchema.parse(stored)

/** Before the first attempt. */
export const noProgress = (): ExportProgress => ({
  attempt: null,
  attempts: 0,
  saidAt: new Date().toISOString(),
  parts: [],
  checkpointSize: null,
})
