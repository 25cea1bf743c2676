import type { Reason } from './judgement.ts'
import { counted, type Explain, type Explanation, nothingToDo, texts } from './words-reasons.ts'

const reviewGuests: Explanation['nextStep'] = { label: 'Review the guests', action: 'review_guests' }
const acknowledge: Explanation['nextStep'] = { label: 'Acknowledge', action: 'acknowledge_changes' }
const settle: Explanation['nextStep'] = { label: 'Settle', action: 'settle_sign_ins' }
const seeWho: Explanation['nextStep'] = { label: 'See who', action: 'see_subjects' }

const guests = ['guest', 'guests'] as const
const changes = ['change of the policies', 'changes of the policies'] as const

/** What people look at and see to: guests, changes of the policies, risky sign-ins. */
export const reviewExplanations: Record<string, Explain> = {
  no_guests: () => said('The directory has no enabled guest, so there is nobody to review.'),
  all_guests_covered: ({ count }) =>
    said(`${count === 1 ? 'The one guest' : `All ${counted(count, guests)}`} must give a second factor.`),
  guest_not_covered: ({ count }) => ({
    text: `${counted(count, guests)} can sign in without a second factor: no enabled policies together demand one of them on all apps.`,
    nextStep: seeWho,
  }),
  guest_review_missing: ({ detail }) => ({
    text: `Nobody has reviewed the list of guests here. Look through it and confirm it; a review counts for ${days(detail)}.`,
    nextStep: reviewGuests,
  }),
  guest_review_overdue: ({ detail }) => ({
    text: `The list of guests was reviewed last on ${day(detail.reviewedAt)}, more than ${days(detail)} ago.`,
    nextStep: reviewGuests,
  }),
  guests_reviewed: ({ detail }) => ({
    text: `The list of guests was reviewed on ${day(detail.reviewedAt)}. The review counts until ${day(detail.until)}.`,
    nextStep: reviewGuests,
  }),
  policy_changes_acknowledged: ({ count, detail }) => ({
    text: `${counted(count, changes)} of the trailing 30 days ${was(count)} acknowledged within ${days(detail)}.`,
    nextStep: { ...acknowledge, label: 'See the changes' },
  }),
  policy_change_acknowledged_late: ({ count, detail }) => ({
    text: `${counted(count, changes)} ${was(count)} acknowledged later than ${days(detail)} after ${count === 1 ? 'it' : 'they'} came. That stays so until 30 days have passed.`,
    nextStep: { ...acknowledge, label: 'See the changes' },
  }),
  policy_change_not_acknowledged: ({ count, detail }) => ({
    text: `${counted(count, changes)} ${was(count)} not acknowledged within ${days(detail)}. Look at what changed and say that it was meant.`,
    nextStep: acknowledge,
  }),
  policy_change_waiting: ({ count, detail }) => ({
    text: `${counted(count, changes)} ${count === 1 ? 'waits' : 'wait'} to be acknowledged, the first until ${minute(detail.until)}.`,
    nextStep: acknowledge,
  }),
  no_policy_change_due: () =>
    said('No change of the policies in the trailing 30 days is past its time to be acknowledged.'),
  sign_ins_settled: ({ count, detail }) => ({
    text: `${counted(count, signIns(detail))} of the trailing 30 days ${was(count)} settled within ${hours(detail)}.`,
    nextStep: { ...settle, label: 'See them' },
  }),
  sign_in_settled_late: ({ count, detail }) => ({
    text: `${counted(count, signIns(detail))} ${was(count)} settled later than ${hours(detail)} after the sign-in. That stays so until 30 days have passed.`,
    nextStep: { ...settle, label: 'See them' },
  }),
  sign_in_not_settled: ({ count, detail }) => ({
    text: `${counted(count, signIns(detail))} ${was(count)} not settled within ${hours(detail)}. Look into ${count === 1 ? 'it' : 'each'} and say what came of it.`,
    nextStep: settle,
  }),
  sign_in_waiting: ({ count, detail }) => ({
    text: `${counted(count, signIns(detail))} ${count === 1 ? 'waits' : 'wait'} to be settled, the first until ${minute(detail.until)}.`,
    nextStep: settle,
  }),
  sign_in_risk_unknown: ({ count }) => ({
    text: `The risk of ${counted(count, ['sign-in', 'sign-ins'])} is not told, so whether ${count === 1 ? 'it had' : 'they had'} to be settled is unknown.`,
    nextStep: seeWho,
  }),
  no_sign_in_due: () =>
    said('No sign-in of medium or high risk in the trailing 30 days is past its time to be settled.'),
}

type Detail = Reason['detail'][string] | undefined

const said = (text: string): Explanation => ({ text, nextStep: nothingToDo })
const was = (count: number) => (count === 1 ? 'was' : 'were')
const days = (detail: Reason['detail']) => counted(Number(texts(detail.days).join()), ['day', 'days'])
const day = (value: Detail) => texts(value).join().slice(0, 10)
const minute = (value: Detail) => `${texts(value).join().slice(0, 16).replace('T', ' ')} UTC`

function signIns(detail: Reason['detail']): readonly [string, string] {
  const level = texts(detail.sort).join()
  return [`sign-in of ${level} risk`, `sign-ins of ${level} risk`]
}

const hours = (detail: Reason['detail']) =>
  counted(Number(texts(detail.sort === 'high' ? detail.highHours : detail.mediumHours).join()), [
    'hour',
    'hours',
  ])
