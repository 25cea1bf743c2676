import { canonicalText, createSha256, sha256Hex } from '../../ledger/canonical.ts'
import type { FoldedRows } from './fold.ts'
import type { MembershipRow, ProjectionName } from './rows.ts'

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
  const membership = createMembershipDigester()
  for (const row of rows('membership')) membership.add(row)
  return stateDigest(position, {
    organizationProfile: rowsDigest(rows('organizationProfile')),
    member: rowsDigest(rows('member')),
    connection: rowsDigest(rows('connection')),
    run: rowsDigest(rows('run')),
    kindStatus: rowsDigest(rows('kindStatus')),
    successChain: rowsDigest(rows('successChain')),
    membership: membership.finish(),
    verdict: rowsDigest(rows('verdict')),
    assessment: rowsDigest(rows('assessment')),
    assessmentEvidence: rowsDigest(rows('assessmentEvidence')),
    sample: rowsDigest(rows('sample')),
    threshold: rowsDigest(rows('threshold')),
    outOfScope: rowsDigest(rows('outOfScope')),
    accountClass: rowsDigest(rows('accountClass')),
    administrator: rowsDigest(rows('administrator')),
    exception: rowsDigest(rows('exception')),
    review: rowsDigest(rows('review')),
    alert: rowsDigest(rows('alert')),
    erasure: rowsDigest(rows('erasure')),
  })
}

/** The digest of one projection's rows, in the order of their keys. */
export function rowsDigest(rows: Iterable<object>): ProjectionDigest {
  const digester = createDigester()
  for (const row of rows) digester.add(row)
  return digester.finish()
}

function createDigester(): { add(row: object): void; finish(): ProjectionDigest } {
  const hash = createSha256()
  let rows = 0
  return {
    add(row) {
      rows++
      hash.update(`${canonicalText(row)}\n`)
    },
    finish: () => ({ rows, sha256: hash.digest('hex') }),
  }
}

/**
 * Takes the rows of all populations, those of one in the order of their subjects. The digest is over a row for each
 * population: its source, its kind, how many are in it, and the digest of their rows.
 */
export function createMembershipDigester(): { add(row: MembershipRow): void; finish(): ProjectionDigest } {
  const populations = new Map<string, ReturnType<typeof createDigester>>()
  return {
    add(row) {
      const key = `${row.sourceId} ${row.kind}`
      const digester = populations.get(key) ?? createDigester()
      populations.set(key, digester)
      digester.add(row)
    },
    finish() {
      const sorted = [...populations].sort(([one], [other]) => (one < other ? -1 : 1))
      const digests = sorted.map(([key, digester]) => {
        const [sourceId, kind] = key.split(' ')
        return { sourceId, kind, ...digester.finish() }
      })
      const rows = digests.reduce((sum, digest) => sum + digest.rows, 0)
      return { rows, sha256: rowsDigest(digests).sha256 }
    },
  }
}

/** Joins the digests of all projections to one. */
export function stateDigest(position: number, projections: StateDigest['projections']): StateDigest {
  return { position, projections, sha256: sha256Hex(canonicalText({ position, projections })) }
}
