import { z } from 'zod'

const exportId = z.uuid()

/** What an archive covers: everything up to the request, or what lies after `from` up to and with `to`. */
export const exportScopeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('organization') }),
  z.strictObject({ kind: z.literal('period'), from: z.iso.datetime(), to: z.iso.datetime() }),
])

export const exportRequested = z.strictObject({ exportId, scope: exportScopeSchema })

/** The archive is ready. `sha256` is of the whole file, as it is downloaded. */
export const exportCompleted = z.strictObject({
  exportId,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().positive(),
  /** How many events the log had that the archive is held to. */
  checkpointSize: z.int().positive(),
})

/** No archive came of it, and nothing of it is kept. */
export const exportFailed = z.strictObject({ exportId, cause: z.string(), explanation: z.string() })

/** Somebody took the archive along: the event's actor. */
export const exportDownloaded = z.strictObject({ exportId })
