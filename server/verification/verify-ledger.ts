import type { Database } from '../../db/client.ts'
import type { Problem } from '../domain/log/checks.ts'
import { newestCheckpoint, readLogHead } from '../ledger/checkpoints.ts'
import { readLogKeys } from '../ledger/log-keys.ts'
import { checkBodies } from './check-bodies.ts'
import { checkHead } from './check-head.ts'
import { checkKeys } from './check-keys.ts'
import { checkPurges } from './check-purges.ts'
import { checkSeals } from './check-seals.ts'
import { checkStreams } from './check-streams.ts'
import { checkSurplus } from './check-surplus.ts'
import { Findings } from './findings.ts'
import { LogWalk } from './log-walk.ts'

/** What a verification reads, and how it is watched and ended. */
export interface VerificationRun {
  database: Database
  organizationId: string
  signal: AbortSignal
  /** Called now and then with what is being checked and how far it is. */
  onProgress: (progress: VerificationProgress) => void
}

export interface VerificationProgress {
  part: VerificationPart
  /** Of the part: events, streams or items. */
  done: number
  /** Null where the part's length is not known beforehand. */
  of: number | null
}

export type VerificationPart = 'events' | 'streams' | 'items' | 'rest'

export interface VerificationResult {
  /** Events that were checked. */
  size: number
  /** RFC 6962 root over the leaves as they were computed anew, in hexadecimal. */
  root: string
  outcome: 'holds' | 'fails'
  problems: Problem[]
  counted: { checkpoints: number; tiles: number; evidence: number; items: number }
}

/**
 * Checks an organization's whole ledger against itself, its tiles and its checkpoints, in order and by pages: its memory
 * does not grow with the log, but with the largest population and the number of keys and purges. Every page is read in a
 * transaction of its own, as nothing that stands in a ledger changes: what is appended meanwhile is left out. Damaged
 * rows are findings; it throws only where the database does not answer, or the signal ends it.
 */
export async function verifyLedger(run: VerificationRun): Promise<VerificationResult> {
  const { database, organizationId } = run
  const findings = new Findings()
  const start = await database.withOrganization(organizationId, async transaction => ({
    ...(await readLogHead(transaction, organizationId)),
    sealedSize: (await newestCheckpoint(transaction, organizationId))?.size ?? 0,
    keys: await readLogKeys(transaction, organizationId),
  }))
  const walk = new LogWalk(run, findings, start)
  await walk.toEnd()
  await checkHead(run, findings)
  checkKeys(findings, { ...start, adopted: walk.adopted })
  await checkStreams(run, findings, start.size)
  const items = await checkBodies(run, findings)
  await checkPurges(run, findings, { size: start.size, purges: walk.purges })
  await checkSeals(run, findings)
  await checkSurplus(run, findings)
  const problems = findings.problems()
  return {
    size: walk.size,
    root: walk.root().toString('hex'),
    outcome: problems.length === 0 ? 'holds' : 'fails',
    problems,
    counted: { ...walk.counted, items },
  }
}
