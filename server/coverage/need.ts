import type { NextStep } from './next-step.ts'

/** One thing that a person should look at, in words. */
export interface Need {
  readonly key: string
  /** `fail` first, then `stale`, then `unknown`, then `notice`. */
  readonly tone: 'fail' | 'stale' | 'unknown' | 'notice'
  readonly title: string
  /** What it means; `since` is told after it. */
  readonly text: string
  readonly since: Date | null
  readonly step: NextStep | null
}
