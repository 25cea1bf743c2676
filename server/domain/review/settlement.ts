import { DomainRefusal } from '../refusal.ts'

/** What may come of looking into a risky sign-in. */
export const settlementOutcomes = ['compromise_handled', 'benign', 'handled_elsewhere'] as const
export type SettlementOutcome = (typeof settlementOutcomes)[number]

export const settlementWords: Record<SettlementOutcome, string> = {
  compromise_handled: 'Confirmed compromise, handled',
  benign: 'Dismissed as benign',
  handled_elsewhere: 'Handled elsewhere',
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
