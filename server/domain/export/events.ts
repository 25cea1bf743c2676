import { z } from 'zod'

const exportId = z.uuid()

const period = { from: z.iso.datetime(), to: z.iso.datetime() }
const organizationScope = z.strictObject({ kind: z.literal('organization') })
const periodScope = z.strictObject({ kind: z.literal('period'), ...period })

/**
 * What an archive covers: everything up to the request, what lies after `from` up to and with `to`, or an assessment: that
 * of its period, and its own events up to the request.
 */
export const exportScopeSchema = z.discriminatedUnion('kind', [
  organizationScope,
  periodScope,
  z.strictObject({ kind: z.literal('assessment'), assessmentId: z.uuid(), ...period }),
])

export const exportRequested = z.strictObject({ exportId, scope: exportScopeSchema })

const exportRequestedVersion1 = z.strictObject({
  exportId,
  scope: z.discriminatedUnion('kind', [organizationScope, periodScope]),
})

/** Version 1 knew no archives of assessments. */
export const upcastExportRequested1 = (payload: unknown): z.infer<typeof exportRequested> =>
  exportRequestedVersion1.parse(payload)

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
