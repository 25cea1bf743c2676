import type { ControlState } from '../../domain/coverage/control-timeline.ts'
import { minuteWords } from '../../domain/minute-words.ts'

/** A control's state in a word or two. */
export const stateWords = (state: ControlState | 'none'): string => states[state]

const states: Record<ControlState | 'none', string> = {
  pass: 'Pass',
  stale: 'Pass, stale',
  expired: 'Pass, expired',
  fail: 'Fail',
  not_testable: 'Not testable',
  no_data: 'No data',
  none: 'Not known',
}

export const numberWords = (value: number): string => new Intl.NumberFormat('en-GB').format(value)

export const instantWords = (instant: Date | null): string => (instant ? minuteWords(instant) : 'never')
