import { createHash } from 'node:crypto'
import type { JobPayload } from '../queue.ts'
import { type ArchiveDraft, archiveBytes, beginDraft, DraftLost } from './archive-draft.ts'
import { readScope } from './archive-scope.ts'
import { ArchiveWriter } from './archive-writer.ts'
import { completeExport, failExport } from './end-export.ts'
import { ExportRefused } from './export-refused.ts'
import type { ExportServices, Part } from './part.ts'
import { assessmentPart } from './parts/assessment.ts'
import { checkpointPart } from './parts/checkpoint.ts'
import { coveragePart } from './parts/coverage.ts'
import { decisionsPart } from './parts/decisions.ts'
import { eventsPart } from './parts/events.ts'
import { evidencePart } from './parts/evidence.ts'
import { manifestPart } from './parts/manifest.ts'
import { openingPart } from './parts/opening.ts'
import { oscalPart } from './parts/oscal.ts'
import { populationsPart } from './parts/populations.ts'
import { summaryPart } from './parts/summary.ts'
import { tilesPart } from './parts/tiles.ts'
import { verifierPart } from './parts/verifier.ts'
import { openSealedLog } from './sealed-log.ts'

export type BuildResult = 'ready' | 'failed' | 'lost' | 'nothing_to_do'

/** In the archive's order. */
const parts: readonly Part[] = [
  verifierPart,
  checkpointPart,
  eventsPart,
  openingPart,
  assessmentPart,
  tilesPart,
  evidencePart,
  populationsPart,
  coveragePart,
  decisionsPart,
  oscalPart,
  summaryPart,
  manifestPart,
]

const mostAttempts = 5

/**
 * Makes the archive that was asked for. Run again after a crash at any step it begins anew: an archive is offered whole or
 * not at all. What cannot be made is recorded as failed; any other error is the queue's, which tries again.
 */
export async function buildArchive(
  services: ExportServices,
  { organizationId, exportId }: JobPayload<'export-archive'>,
  signal: AbortSignal,
): Promise<BuildResult> {
  const key = { organizationId, exportId }
  const draft = await beginDraft(services.database, key)
  if (!draft) return 'nothing_to_do'
  try {
    if (draft.progress.attempts > mostAttempts) throw gaveUp()
    await write(services, draft, signal)
    return 'ready'
  } catch (error) {
    if (error instanceof DraftLost) return 'lost'
    if (!(error instanceof ExportRefused)) throw error
    services.logger.warn({ ...key, reason: error.reason }, 'an export was refused')
    await failExport(services, key, { cause: error.reason, explanation: error.explanation })
    return 'failed'
  }
}

async function write(services: ExportServices, draft: ArchiveDraft, signal: AbortSignal): Promise<void> {
  const { organizationId, exportId } = draft.key
  const scope = await services.database.withOrganization(organizationId, transaction =>
    readScope(transaction, organizationId, exportId),
  )
  const log = await openSealedLog(services, scope)
  draft.progress.checkpointSize = log.size
  const writer = new ArchiveWriter(chunks => {
    signal.throwIfAborted()
    return draft.write(chunks)
  })
  const isDue = (part: Part) =>
    part === openingPart ? scope.period !== null : part !== assessmentPart || scope.assessment !== null
  const due = parts.filter(isDue)
  draft.expect(due.map(part => part.name))
  for (const [index, part] of due.entries()) {
    const told = draft.progress.parts[index]
    if (!told) continue
    told.state = 'writing'
    await draft.write([])
    await part.write({
      services,
      scope,
      log,
      files: writer.files,
      async add(file) {
        const { size } = await writer.add(file)
        told.files += 1
        told.bytes += size
      },
      done(items) {
        told.items += items
      },
    })
    told.state = 'written'
  }
  await writer.finish()
  await completeExport(services, draft, { ...(await digest(services, draft)), checkpointSize: log.size })
}

/** Of what was stored, in the order in which it will be sent. */
async function digest({ database }: ExportServices, { key }: ArchiveDraft) {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of archiveBytes(database, key)) {
    hash.update(piece)
    bytes += piece.length
  }
  return { sha256: hash.digest(), bytes }
}

const gaveUp = () =>
  new ExportRefused(
    'attempts_used_up',
    'Something on our side ended the work again and again before it was done. Ask for a shorter period, or for the same once more; if it fails again, whoever runs this installation finds the reason in its log.',
  )
