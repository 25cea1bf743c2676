import { type Check, checks, type Problem } from '../domain/log/checks.ts'
import { deletedAccount, namesOfPeople } from '../members/person-names.ts'
import type { Services } from '../services.ts'
import {
  type FinishedResult,
  listVerifications,
  type StoredVerification,
} from '../verification/stored-verification.ts'

/** A verification as it is shown. */
export interface VerificationView {
  id: string
  requestedBy: string
  requestedAt: Date
  status: StoredVerification['status']
  progress: { part: StoredVerification['progress']['part']; done: number; of: number | null }
  finishedAt: Date | null
  /** What was found, check by check; null before the end, and where it broke off. */
  result: {
    size: number
    root: string
    outcome: 'holds' | 'fails'
    checks: CheckView[]
    counted: { checkpoints: number; tiles: number; evidence: number; items: number }
    /** The event that records it. */
    position: number
  } | null
  /** Why it broke off. */
  explanation: string | null
}

export interface CheckView {
  sort: Check
  title: string
  holds: boolean
  words: string
  position: number | null
}

const shown = 10

/** The last verifications, newest first. They are of now, whatever moment a page looks at. */
export async function showVerifications(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  organizationId: string,
): Promise<{ verifications: VerificationView[] }> {
  const stored = await database.withOrganization(organizationId, transaction =>
    listVerifications(transaction, organizationId, { now: clock.now(), limit: shown }),
  )
  const names = await namesOfPeople(
    database,
    stored.map(each => each.requestedBy),
  )
  return {
    verifications: stored.map(({ result, progress: { part, done, of }, ...each }) => ({
      ...each,
      requestedBy: names.get(each.requestedBy) ?? deletedAccount,
      progress: { part, done, of },
      result: result && 'root' in result ? resultView(result) : null,
      explanation: result && 'explanation' in result ? result.explanation : null,
    })),
  }
}

function resultView({ problems, ...result }: FinishedResult) {
  return { ...result, checks: checkViews(problems) }
}

function checkViews(problems: readonly Problem[]): CheckView[] {
  return Object.entries(checks).map(([name, { title, holds }]) => {
    // The keys of the very record that the sorts are of.
    const sort = name as Check
    const problem = problems.find(each => each.sort === sort)
    return {
      sort,
      title,
      holds: !problem,
      words: problem?.words ?? holds,
      position: problem?.position ?? null,
    }
  })
}
