import { and, eq } from 'drizzle-orm'
import { evidence } from '../../db/schema/ledger.ts'
import { membership } from '../../db/schema/state.ts'
import { policyChanges } from '../coverage/policy-changes.ts'
import { rejudge } from '../coverage/rejudge.ts'
import { loadDecisions } from '../coverage/source-decisions.ts'
import { standingGuests } from '../coverage/standing-guests.ts'
import { catalogue, latestCatalogueVersion } from '../domain/control/catalogue.ts'
import { longestReason } from '../domain/decision-text.ts'
import { parseItem } from '../domain/evidence/items.ts'
import { DomainRefusal } from '../domain/refusal.ts'
import {
  type CorrectedOutcome,
  corrected,
  type Said,
  type SettlementOutcome,
  settledAt,
} from '../domain/review/settlement.ts'
import { AppError, notFound } from '../errors.ts'
import { reviewStream } from '../ledger/ids.ts'
import type { Unit } from '../ledger/ledger.ts'
import { lockHead } from '../ledger/lock-head.ts'
import type { Access } from '../members/resolve-access.ts'
import { isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { DecisionFields } from './decision-fields.ts'
import { requireSource } from './known-parties.ts'
import { bodyOf } from './sign-in-body.ts'

type Needed = Pick<Services, 'ledger' | 'connectors'>
type Actor = Pick<Access, 'organizationId' | 'userId'>

/**
 * Says that a change of the policies was looked at and meant. Acknowledged before, nothing happens.
 * @throws {AppError} bad_input by field; not_found for evidence that brought no change of policies
 */
export async function acknowledgeChange(
  services: Needed,
  actor: Actor,
  { evidenceId, note }: { evidenceId: string; note: string },
): Promise<void> {
  await decide(services, actor, async unit => {
    const [row] = await unit.transaction
      .select({ sourceId: evidence.sourceId })
      .from(evidence)
      .where(
        and(
          eq(evidence.organizationId, unit.organizationId),
          eq(evidence.id, evidenceId),
          eq(evidence.kind, 'conditional_access_policies'),
        ),
      )
    if (!row) throw notFound('evidence')
    const changes = await policyChanges(unit.transaction, unit.organizationId, { ...row, since: new Date(0) })
    if (!changes.some(change => change.evidenceId === evidenceId)) throw notFound('evidence')
    const id = reviewStream(row.sourceId, 'policy_change', evidenceId)
    const said = noteOf(note)
    if ((await unit.load(id)).length > 0) return false
    await unit.append({ type: 'review', id }, 0, [
      { type: 'PolicyChangeAcknowledged', payload: { ...row, evidenceId, note: said } },
    ])
    return true
  })
}

export interface Settlement {
  subjectKey: string
  outcome: SettlementOutcome
  reason: string
  /** A minute in UTC, `yyyy-mm-ddThh:mm`, where it was handled elsewhere; empty for now. */
  settledAt: string
}

/**
 * Says what came of looking into a risky sign-in.
 * @throws {AppError} bad_input by field; not_found for a sign-in that no feed of the organization brought
 * @throws {DomainRefusal} where it was settled before
 */
export async function settleSignIn(services: Needed, actor: Actor, settlement: Settlement): Promise<void> {
  const { outcome } = settlement
  await decide(services, actor, async unit => {
    const { sourceId, subjectKey, madeAt } = await signInOf(unit, settlement.subjectKey)
    const fields = new DecisionFields()
    const { reason, givenAt } = saidIn(fields, settlement)
    if (outcome === 'handled_elsewhere' && givenAt === null) {
      fields.refuse('settledAt', 'Say when it was handled: a day and a time in UTC.')
    }
    const known = { madeAt, now: unit.now }
    const at = timed(fields, () => settledAt({ outcome, givenAt }, known)) ?? unit.now
    fields.check()
    const id = reviewStream(sourceId, 'sign_in', subjectKey)
    if ((await unit.load(id)).length > 0) {
      throw new DomainRefusal(
        'already_settled',
        'This sign-in is settled already. If what was said of it is wrong, correct it.',
      )
    }
    await unit.append({ type: 'review', id }, 0, [
      {
        type: 'SignInSettled',
        payload: { sourceId, subjectKey, outcome, reason, settledAt: at.toISOString() },
      },
    ])
    return true
  })
}

export type Correction = Omit<Settlement, 'outcome'> & { outcome: CorrectedOutcome }

/**
 * Says that what was said of a risky sign-in was wrong, and what holds instead. What was said before stays in the log,
 * and every past moment is told as it was known then.
 * @throws {AppError} bad_input by field; not_found for a sign-in that no feed of the organization brought
 * @throws {DomainRefusal} where nobody settled it yet, or this is what was said
 */
export async function correctSettlement(
  services: Needed,
  actor: Actor,
  correction: Correction,
): Promise<void> {
  const { outcome } = correction
  await decide(services, actor, async unit => {
    const { sourceId, subjectKey, madeAt } = await signInOf(unit, correction.subjectKey)
    const fields = new DecisionFields()
    const { reason, givenAt } = saidIn(fields, correction)
    const id = reviewStream(sourceId, 'sign_in', subjectKey)
    const events = await unit.load(id)
    const before = lastSaid(events)
    if (outcome === 'handled_elsewhere' && givenAt === null && before?.outcome !== outcome) {
      fields.refuse('settledAt', 'Say when it was handled: a day and a time in UTC.')
    }
    fields.check()
    const said = timed(fields, () =>
      corrected({ outcome, reason, givenAt }, before, { madeAt, now: unit.now }),
    )
    fields.check()
    if (!said) return false
    const settledAt = said.settledAt?.toISOString() ?? null
    await unit.append({ type: 'review', id }, events.length, [
      { type: 'SettlementCorrected', payload: { sourceId, subjectKey, outcome, reason, settledAt } },
    ])
    return true
  })
}

/** The sign-in as the feed brought it last. @throws {AppError} not_found */
async function signInOf(unit: Unit, asked: string) {
  const subjectKey = asked.toLowerCase()
  const [row] = await unit.transaction
    .select({ sourceId: membership.sourceId, itemHash: membership.itemHash })
    .from(membership)
    .where(
      and(
        isOpen(membership, unit.organizationId),
        eq(membership.kind, 'risky_sign_ins'),
        eq(membership.subjectKey, subjectKey),
      ),
    )
    .limit(1)
  if (!row) throw notFound('sign-in')
  const body = await bodyOf(unit, row.itemHash)
  const madeAt = body === null ? new Date(0) : new Date(parseItem('risky_sign_ins', body).createdDateTime)
  return { sourceId: row.sourceId, subjectKey, madeAt }
}

const saidIn = (fields: DecisionFields, said: Pick<Settlement, 'reason' | 'settledAt'>) => ({
  reason: fields.reason(said.reason),
  givenAt: said.settledAt === '' ? null : minuteOf(said.settledAt),
})

function lastSaid(events: Awaited<ReturnType<Unit['load']>>): Said | null {
  const last = events.at(-1)
  if (last?.type !== 'SignInSettled' && last?.type !== 'SettlementCorrected') return null
  const { outcome, reason, settledAt } = last.payload
  return { outcome, reason, settledAt: settledAt === null ? null : new Date(settledAt) }
}

export interface GuestReview {
  sourceId: string
  /** What the reviewer looked at. */
  position: number
  count: number
  fingerprint: string
  note: string
}

/**
 * Confirms the list of guests as the reviewer saw it.
 * @throws {AppError} not_found for another organization's directory
 * @throws {DomainRefusal} where the list is another one by now
 */
export async function reviewGuests(services: Needed, actor: Actor, seen: GuestReview): Promise<void> {
  const { sourceId } = seen
  await decide(services, actor, async unit => {
    await requireSource(unit, sourceId)
    const note = noteOf(seen.note)
    const { transaction, organizationId, now } = unit
    const decisions = await loadDecisions(transaction, organizationId, {
      catalogue: catalogue(latestCatalogueVersion),
      sourceId,
    })
    // After every position there is.
    const asOf = { instant: now, position: Number.MAX_SAFE_INTEGER, isNow: true }
    const scope = { organizationId, sourceId, asOf }
    const { count, fingerprint } = await standingGuests(transaction, scope, decisions)
    if (count !== seen.count || fingerprint !== seen.fingerprint) {
      throw new DomainRefusal(
        'list_changed',
        'The list of guests changed since you looked at it. Nothing was recorded: look through the list as it is now.',
      )
    }
    const id = reviewStream(sourceId, 'guests', sourceId)
    const before = await unit.load(id)
    await unit.append({ type: 'review', id }, before.length, [
      {
        type: 'GuestsReviewed',
        payload: { sourceId, listPosition: seen.position, count: seen.count, fingerprint, note },
      },
    ])
    return true
  })
}

/** @param act says whether something was appended, after which everything is judged anew */
async function decide(
  services: Needed,
  { organizationId, userId }: Actor,
  act: (unit: Unit) => Promise<boolean>,
): Promise<void> {
  await services.ledger.command(organizationId, `user:${userId}`, async unit => {
    await lockHead(unit)
    if (await act(unit)) await rejudge(services, unit)
  })
}

function noteOf(text: string): string | null {
  const note = text.trim()
  if (note.length > longestReason) {
    throw new AppError('bad_input', 'note refused', {
      fields: { note: `Keep it to ${longestReason} characters.` },
    })
  }
  return note === '' ? null : note
}

/** Null for what is no minute of the calendar. */
function minuteOf(text: string): Date | null {
  const isMinute = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)
  const at = new Date(`${text}:00Z`)
  return isMinute && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) ? at : null
}

/** What is refused because of its time is a matter of that field; null then. */
function timed<T>(fields: DecisionFields, work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof DomainRefusal) || !error.code.startsWith('settled_')) throw error
    fields.refuse('settledAt', error.words)
    return null
  }
}
