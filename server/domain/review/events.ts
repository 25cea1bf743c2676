import { z } from 'zod'
import { reasonText } from '../decision-text.ts'
import { correctedOutcomes, settlementOutcomes } from './settlement.ts'

/** Somebody looked at a change of the policies, by the evidence that brought it, and it was meant. */
export const policyChangeAcknowledged = z.strictObject({
  sourceId: z.uuid(),
  evidenceId: z.uuid(),
  note: reasonText.nullable(),
})

/** Somebody looked into a risky sign-in and says what came of it. */
export const signInSettled = z.strictObject({
  sourceId: z.uuid(),
  subjectKey: z.guid(),
  outcome: z.enum(settlementOutcomes),
  reason: reasonText,
  /** When it was settled: at or before the event. */
  settledAt: z.iso.datetime(),
})

/** What was said of a sign-in was wrong: from here on this holds. What was said before stays in the log. */
export const settlementCorrected = z.strictObject({
  sourceId: z.uuid(),
  subjectKey: z.guid(),
  outcome: z.enum(correctedOutcomes),
  reason: reasonText,
  /** When it was settled, at or before the event; null where it is not settled after all. */
  settledAt: z.iso.datetime().nullable(),
})

/** Somebody went through the list of guests: enabled accounts that count as guests, as they stood. */
export const guestsReviewed = z.strictObject({
  sourceId: z.uuid(),
  /** Where the list stood that was looked at. */
  listPosition: z.int().nonnegative(),
  count: z.int().nonnegative(),
  /** SHA-256 of the canonical list of their subject keys in order. */
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  note: reasonText.nullable(),
})
