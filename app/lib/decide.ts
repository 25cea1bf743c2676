import type { Caller } from '../../server/trpc/router.ts'
import { fieldText } from './form-action.ts'

type RequestInput = Parameters<Caller['exceptions']['request']>[0]
type SettleInput = Parameters<Caller['reviews']['settle']>[0]
type CorrectInput = Parameters<Caller['reviews']['correct']>[0]
type DeclareInput = Parameters<Caller['accounts']['declare']>[0]

/** What was done, for the words above the page; null where the form asks for something else. */
export type Decided = keyof typeof DECIDED

export const DECIDED = {
  exception_request: 'The exception is asked for. It counts once another person has approved it.',
  exception_approve: 'The exception is approved and counts from now on.',
  exception_reject: 'The exception is rejected.',
  exception_withdraw: 'The exception is withdrawn.',
  approve_administrator: 'The account is on the list of approved administrators.',
  withdraw_administrator: 'The account is off the list of approved administrators.',
  acknowledge: 'The change is acknowledged.',
  settle: 'The sign-in is settled.',
  correct: 'What is said of the sign-in is corrected. What was said before stays in the log.',
  confirm_guests: 'The list of guests is reviewed.',
  declare: 'The class is declared. Every rule that looks at classes has judged anew.',
  withdraw: 'The declaration is withdrawn.',
} as const

/** The decisions that forms of several pages send, by their intent. @returns whether the form sent one of them */
export async function decide(
  caller: Caller,
  form: FormData,
  scope: { organization: string; controlId?: string; subject?: string },
): Promise<Decided | null> {
  const { organization } = scope
  const intent = fieldText(form, 'intent')
  const reason = fieldText(form, 'reason')
  const subject = scope.subject ?? fieldText(form, 'subject')
  switch (intent) {
    case 'exception_request': {
      const sourceId = fieldText(form, 'sourceId')
      await caller.exceptions.request({
        organization,
        controlId: scope.controlId ?? fieldText(form, 'controlId'),
        // The procedure's schema is what checks it.
        subjectKind: fieldText(form, 'subjectKind') as RequestInput['subjectKind'],
        subjectId: fieldText(form, 'subjectId'),
        reason,
        ownerId: fieldText(form, 'ownerId'),
        expiresOn: fieldText(form, 'expiresOn'),
        ...(sourceId ? { sourceId } : {}),
      })
      return intent
    }
    case 'exception_approve':
    case 'exception_reject':
    case 'exception_withdraw':
      await caller.exceptions.decide({
        organization,
        exceptionId: fieldText(form, 'exceptionId'),
        decision: DECISIONS[intent],
        reason,
      })
      return intent
    case 'approve_administrator':
    case 'withdraw_administrator':
      await caller.accounts.listAdministrator({
        organization,
        subject,
        isApproved: intent === 'approve_administrator',
        reason,
      })
      return intent
    case 'acknowledge':
      await caller.reviews.acknowledge({
        organization,
        evidenceId: fieldText(form, 'evidenceId'),
        note: fieldText(form, 'note'),
      })
      return intent
    case 'settle':
      await caller.reviews.settle({
        organization,
        subject,
        // The procedure's schema is what checks it.
        outcome: fieldText(form, 'outcome') as SettleInput['outcome'],
        reason,
        settledAt: fieldText(form, 'settledAt'),
      })
      return intent
    case 'correct':
      await caller.reviews.correct({
        organization,
        subject,
        // As above.
        outcome: fieldText(form, 'outcome') as CorrectInput['outcome'],
        reason,
        settledAt: fieldText(form, 'settledAt'),
      })
      return intent
    case 'confirm_guests':
      await caller.reviews.confirmGuests({
        organization,
        sourceId: fieldText(form, 'sourceId'),
        position: Number(fieldText(form, 'position')),
        count: Number(fieldText(form, 'count')),
        fingerprint: fieldText(form, 'fingerprint'),
        note: fieldText(form, 'note'),
      })
      return intent
    case 'declare':
      await caller.accounts.declare({
        organization,
        subject,
        // As above.
        class: fieldText(form, 'class') as DeclareInput['class'],
        ownerId: fieldText(form, 'ownerId'),
        reason,
        expiresOn: fieldText(form, 'expiresOn'),
      })
      return intent
    case 'withdraw':
      await caller.accounts.withdraw({ organization, subject, reason })
      return intent
    default:
      return null
  }
}

const DECISIONS = {
  exception_approve: 'approve',
  exception_reject: 'reject',
  exception_withdraw: 'withdraw',
} as const

/** The words for what an address says was done; null for anything else. */
export const decidedWords = (done: string | null): string | null =>
  Object.entries(DECIDED).find(([name]) => name === done)?.[1] ?? null
