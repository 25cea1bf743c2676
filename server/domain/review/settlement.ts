import { DomainRefusal } from '../refusal.ts'

/** What may come of looking into a risky sign-in. */
export const settlementOutcomes = ['compromise_handled', 'benign', 'handled_elsewhere'] as const
export type SettlementOutcome = (typeof settlementOutcomes)[number]

/** What a correction may say: one of these, or that it is not settled after all. */
export const correctedOutcomes = [...settlementOutcomes, 'reopened'] as const
export type CorrectedOutcome = (typeof correctedOutcomes)[number]

export const settlementWords: Record<CorrectedOutcome, string> = {
  compromise_handled: 'Confirmed compromise, handled',
  benign: 'Dismissed as benign',
  handled_elsewhere: 'Handled elsewhere',
  reopened: 'Not settled after all',
}

/**
 * When a sign-in counts as settled: now, or at the time that is given where it was handled elsewhere.
 * @throws {DomainRefusal} for a time before the sign-in or in the future
 */
export function settledAt(
  { outcome, givenAt }: { outcome: SettlementOutcome; givenAt: Date | null },
  { madeAt, now }: { madeAt: Date; now: Date },
): Date {
  if (outcome !== 'handled_elsewhere' || givenAt === null) return now
  if (givenAt > now) throw new DomainRefusal('settled_later', 'It cannot have been settled in the future.')
  if (givenAt < madeAt) {
    throw new DomainRefusal('settled_before', 'It cannot have been settled before the sign-in itself.')
  }
  return givenAt
}

/** What was said of a sign-in last. `settledAt` is null where it was reopened. */
export interface Said {
  readonly outcome: CorrectedOutcome
  readonly reason: string
  readonly settledAt: Date | null
}

/**
 * What holds of a sign-in after a correction. Who says the same outcome in other words keeps its time; another outcome
 * was come to only now, or at the time that is given where it was handled elsewhere: nobody is in time by correcting.
 * @throws {DomainRefusal} for what nobody has settled yet, for what was said already, and for an impossible time
 */
export function corrected(
  { outcome, reason, givenAt }: { outcome: CorrectedOutcome; reason: string; givenAt: Date | null },
  before: Said | null,
  known: { madeAt: Date; now: Date },
): Said {
  if (before === null) {
    throw new DomainRefusal(
      'not_settled',
      'Nobody has settled this sign-in yet: there is nothing to correct.',
    )
  }
  const isSame = outcome === before.outcome
  if (outcome === 'reopened') {
    if (isSame) throw new DomainRefusal('said_already', 'This sign-in is open again already.')
    return { outcome, reason, settledAt: null }
  }
  const keepsTime = isSame && (outcome !== 'handled_elsewhere' || givenAt === null)
  const at =
    keepsTime && before.settledAt !== null ? before.settledAt : settledAt({ outcome, givenAt }, known)
  if (isSame && reason === before.reason && at.getTime() === before.settledAt?.getTime()) {
    throw new DomainRefusal('said_already', 'This is what is said of the sign-in already.')
  }
  return { outcome, reason, settledAt: at }
}
