import type { Threshold, ThresholdId } from './definition.ts'

/** "The limit on administrators is 8 accounts". */
export const thresholdSentence = (id: ThresholdId, value: number): string =>
  `${subjects[id]} is ${amount(value, units[id])}`

/** "1 to 50 accounts". */
export const rangeWords = ({
  minimum,
  maximum,
  unit,
}: Pick<Threshold, 'minimum' | 'maximum' | 'unit'>): string => `${minimum} to ${amount(maximum, unit)}`

/** "1 day", "24 hours". */
export const amount = (value: number, unit: Threshold['unit']): string =>
  `${value} ${value === 1 ? unit.slice(0, -1) : unit}`

const subjects: Readonly<Record<ThresholdId, string>> = {
  unclassed_days: 'The time in which an account gets a class (AC-01)',
  silent_days: 'The time without a sign-in after which an account counts as unused (AC-08)',
  administrators: 'The most administrators there may be (AC-10)',
  guest_review_days: 'The time between two reviews of the guests (AC-11)',
  acknowledge_days: 'The time in which a change of the policies is acknowledged (AC-12)',
  settle_high_hours: 'The time in which a sign-in of high risk is settled (AC-15)',
  settle_medium_hours: 'The time in which a sign-in of medium risk is settled (AC-15)',
}

const units: Readonly<Record<ThresholdId, Threshold['unit']>> = {
  unclassed_days: 'days',
  silent_days: 'days',
  administrators: 'accounts',
  guest_review_days: 'days',
  acknowledge_days: 'days',
  settle_high_hours: 'hours',
  settle_medium_hours: 'hours',
}
