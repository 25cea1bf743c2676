import { counted } from '../domain/control/words-reasons.ts'
import { formatVerifierKey, type VerifierKey } from '../ledger/verifier-key.ts'
import type { ByteSource } from './byte-source.ts'
import { checkCheckpoint } from './check-checkpoint.ts'
import { checkFiles } from './check-files.ts'
import { checkHistory, type KeptCheckpoint } from './check-history.ts'
import { checkManifest, openManifestNote, readManifest } from './check-manifest.ts'
import { checkTiles, type TreeHashes } from './check-tiles.ts'
import { type Container, openContainer } from './container.ts'
import { type KnownKeys, nameOf, readKeys } from './keys.ts'
import type { Manifest } from './manifest.ts'
import { type Report, StepResults } from './report.ts'
import { walkLedger } from './walk-ledger.ts'

export interface VerifyOptions {
  /** Keys that the reader knows to be the log’s; none to take those that the archive names. */
  readonly keys: readonly VerifierKey[]
  /** Checkpoints that the reader kept. */
  readonly checkpoints: readonly KeptCheckpoint[]
  /** Instants at which coverage is asked for: milliseconds. */
  readonly instants: readonly number[]
}

/**
 * Holds an archive to its signatures, and everything in it to each other. What does not hold is told by the step that
 * finds it; later steps go on wherever they can still tell something. Nothing is thrown, whatever the archive holds.
 */
export async function verifyArchive(source: ByteSource, options: VerifyOptions): Promise<Report> {
  const results = new StepResults()
  const found = await verify(source, options, results)
  return {
    origin: options.keys.length > 0 ? 'checked' : 'not_checked',
    signedBy: null,
    manifest: null,
    notices: [],
    answers: [],
    ...found,
    steps: results.finish(),
  }
}

async function verify(
  source: ByteSource,
  { keys: given, checkpoints, instants }: VerifyOptions,
  results: StepResults,
): Promise<Partial<Report>> {
  const container = results.attempt('container', () => openContainer(source))
  if (!container) return {}
  results.holds('container', containerWords(container))

  const named = results.attempt('manifest', () => readKeys(container)) ?? []
  const keys: KnownKeys =
    given.length > 0 ? { keys: given, givenBy: 'reader' } : { keys: named, givenBy: 'archive' }
  const signed = results.attempt('manifest', () => openManifestNote(container, keys))
  const manifest =
    (signed && results.attempt('manifest', () => checkManifest(container, signed))) ??
    results.attempt('files', () => readManifest(container))
  if (!manifest) return {}
  if (signed) results.holds('manifest', `signed by ${nameOf(signed.key)}`)
  const about = { manifest, signedBy: signed ? formatVerifierKey(signed.key) : null }

  results.attempt('files', () => {
    checkFiles(container, manifest)
    results.holds(
      'files',
      `${counted(manifest.files.length, ['file', 'files'])}, each as the manifest names it`,
    )
  })
  results.attempt('checkpoint', () => {
    const { size } = checkCheckpoint(container, keys, manifest)
    results.holds('checkpoint', `signed for a log of ${counted(size, ['event', 'events'])}`)
  })
  const tree = results.attempt('tiles', () => readTree(container, manifest, results))
  if (!tree) return about
  const [leafHashes] = tree.levels
  const walked = await walkLedger(
    { container, manifest, leafHashes: leafHashes ?? Buffer.alloc(0), tree, keys: named, instants },
    results,
  )
  results.attempt('history', () =>
    results.holds('history', checkHistory(checkpoints, { tree, origin: manifest.origin, keys })),
  )
  return { ...about, ...walked, notices: [...noticesOf(manifest, keys), ...walked.notices] }
}

function readTree(container: Container, manifest: Manifest, results: StepResults): TreeHashes {
  const { size, root } = manifest.checkpoint
  const tree = checkTiles(container, { size, root: Buffer.from(root, 'hex') })
  results.holds('tiles', `every hash up to the root over ${counted(size, ['event', 'events'])}`)
  return tree
}

const containerWords = ({ files, size }: Container) =>
  `${counted(files.length, ['file', 'files'])} in canonical form, ${counted(size, ['byte', 'bytes'])}`

function noticesOf({ simulated, scope, assessment }: Manifest, { givenBy, keys }: KnownKeys): string[] {
  const named = keys.map(formatVerifierKey).join(' ')
  return [
    ...(givenBy === 'archive'
      ? [
          `No key was given, so that the signatures were held to the key inside the archive: nothing was altered after it was signed, but anybody could have signed it. Compare this key with one that reached you another way, or give it with --key: ${named}`,
        ]
      : []),
    ...(simulated ? ['The history is simulated: it was played on a moved clock.'] : []),
    ...(scope.kind === 'period'
      ? [
          assessment
            ? 'The archive is of an assessment: of its period, and of its own events. What lies outside of it is held by its leaf hashes alone. That no later event and no further sample of it stood before the export rests on the manifest’s signature.'
            : 'The archive is of a period. What lies outside of it is held by its leaf hashes alone.',
        ]
      : []),
  ]
}
