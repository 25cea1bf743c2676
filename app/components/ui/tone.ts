/** What a colour says: each tone always comes with a shape and a word. */
export type Tone = 'pass' | 'fail' | 'stale' | 'unknown' | 'none' | 'accent' | 'past'

export const TONE_TEXT: Record<Tone, string> = {
  pass: 'text-pass',
  fail: 'text-fail',
  stale: 'text-stale',
  unknown: 'text-unknown',
  none: 'text-ink-3',
  accent: 'text-accent',
  past: 'text-past',
}

export const TONE_SOFT: Record<Tone, string> = {
  pass: 'bg-pass-soft text-pass',
  fail: 'bg-fail-soft text-fail',
  stale: 'bg-stale-soft text-stale',
  unknown: 'bg-unknown-soft text-unknown',
  none: 'bg-sunken text-ink-2',
  accent: 'bg-accent-soft text-accent',
  past: 'bg-past-soft text-past',
}

/** Fills of bars and legend squares; the unknown is hatched, so that it differs in print too. */
export const TONE_FILL: Record<Tone, string> = {
  pass: 'bg-pass',
  fail: 'bg-fail',
  stale: 'bg-stale',
  unknown: 'hatched',
  none: 'bg-blank',
  accent: 'bg-accent',
  past: 'bg-past',
}
