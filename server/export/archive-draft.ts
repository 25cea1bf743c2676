import { and, asc, eq, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { exportArchive, exportChunk } from '../../db/schema/state.ts'
import { newId } from '../ledger/ids.ts'
import type { ArchiveChunk } from './archive-writer.ts'
import { type ExportKey, type ExportProgress, isExport, progressOf } from './export-record.ts'
import type { PartName } from './part.ts'

/**
 * One attempt at making an archive. Only the newest attempt writes: each write holds the export's row and looks whose it
 * is, so that of two workers the older one finds out at its next write, and no archive is ever made of both.
 */
export class ArchiveDraft {
  readonly key: ExportKey
  readonly progress: ExportProgress
  readonly #database: Database

  constructor(database: Database, key: ExportKey, progress: ExportProgress) {
    this.#database = database
    this.key = key
    this.progress = progress
  }

  /** Writes pieces, and how far the archive is. @throws {DraftLost} when another attempt has begun */
  async write(chunks: readonly ArchiveChunk[]): Promise<void> {
    const { organizationId, exportId } = this.key
    await this.#database.withOrganization(organizationId, async transaction => {
      await this.hold(transaction)
      if (chunks.length === 0) return
      await transaction
        .insert(exportChunk)
        .values(chunks.map(chunk => ({ organizationId, exportId, ...chunk })))
    })
  }

  /** Keeps the export's row for this transaction. @throws {DraftLost} when it is another attempt's */
  async hold(transaction: Transaction): Promise<void> {
    this.progress.saidAt = new Date().toISOString()
    const held = await transaction
      .update(exportArchive)
      .set({ progress: this.progress })
      .where(
        and(
          isExport(this.key),
          eq(exportArchive.status, 'building'),
          sql`${exportArchive.progress} ->> 'attempt' = ${this.progress.attempt}`,
        ),
      )
      .returning({ id: exportArchive.id })
    if (held.length === 0) throw new DraftLost()
  }

  /** Begins to tell of the parts, in the order in which they will be written. */
  expect(names: readonly PartName[]): void {
    this.progress.parts = names.map(name => ({ name, state: 'waiting', files: 0, bytes: 0, items: 0 }))
  }
}

/** Begins an attempt: whatever an earlier one left is dropped. Null where the export has ended or is gone. */
export async function beginDraft(database: Database, key: ExportKey): Promise<ArchiveDraft | null> {
  return database.withOrganization(key.organizationId, async transaction => {
    const [row] = await transaction
      .select({ status: exportArchive.status, progress: exportArchive.progress })
      .from(exportArchive)
      .where(isExport(key))
      .for('update')
    if (row?.status !== 'requested' && row?.status !== 'building') return null
    await dropChunks(transaction, key)
    const progress: ExportProgress = {
      attempt: newId(),
      attempts: progressOf(row.progress).attempts + 1,
      saidAt: new Date().toISOString(),
      parts: [],
      checkpointSize: null,
    }
    await transaction.update(exportArchive).set({ status: 'building', progress }).where(isExport(key))
    return new ArchiveDraft(database, key, progress)
  })
}

/** The export is another attempt's by now, or was ended. */
export class DraftLost extends Error {
  override readonly name = 'DraftLost'

  constructor() {
    super('another attempt makes this archive')
  }
}

export async function dropChunks(
  transaction: Transaction,
  { organizationId, exportId }: ExportKey,
): Promise<void> {
  await transaction
    .delete(exportChunk)
    .where(and(eq(exportChunk.organizationId, organizationId), eq(exportChunk.exportId, exportId)))
}

/** Rows that are read at once: with whole chunks some megabytes. */
const chunksPerRead = 16

/** An archive's bytes in order. Nothing is held between two pages, however slowly they are taken. */
export async function* archiveBytes(
  database: Database,
  { organizationId, exportId }: ExportKey,
): AsyncGenerator<Buffer> {
  let after = { file: -1, chunk: -1 }
  for (;;) {
    const { file, chunk } = after
    const rows = await database.withOrganization(organizationId, transaction =>
      transaction
        .select({ file: exportChunk.file, chunk: exportChunk.chunk, bytes: exportChunk.bytes })
        .from(exportChunk)
        .where(
          and(
            eq(exportChunk.organizationId, organizationId),
            eq(exportChunk.exportId, exportId),
            sql`(${exportChunk.file}, ${exportChunk.chunk}) > (${file}, ${chunk})`,
          ),
        )
        .orderBy(asc(exportChunk.file), asc(exportChunk.chunk))
        .limit(chunksPerRead),
    )
    for (const row of rows) yield row.bytes
    const last = rows.at(-1)
    if (!last || rows.length < chunksPerRead) return
    after = last
  }
}
