import { canonicalText, createSha256, sha256Hex } from '../../ledger/canonical.ts'
import type { FoldedRows } from './fold.ts'
import type { ProjectionName } from './rows.ts'

/** Every projection, in the order of a digest. */
export const projectionNames = [
  'organizationProfile',
  'member',
  'connection',
  'run',
  'kindStatus',
  'successChain',
  'membership',
  'verdict',
] as const satisfies readonly ProjectionName[]

export interface ProjectionDigest {
  readonly rows: number
  /** SHA-256 over the rows, each as its canonical JSON and a line feed, in the order of their keys. */
  readonly sha256: string
}

/** What stood as of a position, in a form that can be compared: equal digests, equal rows. */
export interface StateDigest {
  readonly position: number
  readonly projections: Readonly<Record<ProjectionName, ProjectionDigest>>
  /** SHA-256 over the canonical JSON of position and projections. */
  readonly sha256: string
}

/** The digest of rows that stand as of a position. */
export function digestOf({ rows }: FoldedRows, position: number): StateDigest {
  const projections = projectionNames.map(name => {
    const digester = createDigester()
    for (const row of rows(name)) digester.add(row)
    return [name, digester.finish()] as const
  })
  return stateDigest(position, projections)
}

/** Takes one projection's rows in the order of their keys. */
export function createDigester(): { add(row: object): void; finish(): ProjectionDigest } {
  const hash = createSha256()
  let count = 0
  return {
    add(row) {
      count++
      hash.update(`${canonicalText(row)}\n`)
    },
    finish: () => ({ rows: count, sha256: hash.digest('hex') }),
  }
}

/** Joins the digests of all projections to one. */
export function stateDigest(
  position: number,
  digests: readonly (readonly [ProjectionName, ProjectionDigest])[],
): StateDigest {
  // Whoever calls has one per name.
  const projections = Object.fromEntries(digests) as Record<ProjectionName, ProjectionDigest>
  return { position, projections, sha256: sha256Hex(canonicalText({ position, projections })) }
}
