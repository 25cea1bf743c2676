import { canonicalText, sha256 } from '../ledger/canonical.ts'
import type { ArchiveScope } from './archive-scope.ts'
import type { WrittenFile } from './archive-writer.ts'
import type { SealedLog } from './sealed-log.ts'

/** What the archive is of and what is in it, as canonical JSON. `files` are those before it, in the archive's order. */
export function manifestText(
  scope: ArchiveScope,
  log: Pick<SealedLog, 'origin' | 'root' | 'size'>,
  files: readonly WrittenFile[],
): string {
  const { organizationId, organizationName, slug, period, assessment, asOf, before, createdAt, isSimulated } =
    scope
  return canonicalText({
    asOf: { instant: asOf.instant.toISOString(), position: asOf.position },
    ...(assessment ? { assessment } : {}),
    checkpoint: { root: Buffer.from(log.root).toString('hex'), size: log.size },
    createdAt: createdAt.toISOString(),
    files,
    firstPosition: before + 1,
    format: 'attestry-export',
    organization: { id: organizationId, name: organizationName, slug },
    origin: log.origin,
    scope: period
      ? { kind: 'period', from: period.from.toISOString(), to: period.to.toISOString() }
      : { kind: 'organization' },
    simulated: isSimulated,
    version: 1,
  })
}

/** What the log's key signs of a manifest: no checkpoint has an origin like the first line. */
export const manifestNoteText = (
  manifest: string,
  { origin, size }: Pick<SealedLog, 'origin' | 'size'>,
): string => `${origin}/export\n${sha256(manifest).toString('base64')}\n${size}\n`
