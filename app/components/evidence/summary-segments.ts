import type { Segment } from '../charts/segment-bar.tsx'
import type { Tone } from '../ui/tone.ts'
import type { EvidenceKindName, SummaryData } from './answers.ts'

/** A whole that a kind's counts break down into parts. */
export type Breakdown = { label: string; segments: Segment[] }

/** The parts of a kind's counts; empty for the kinds that are shown another way. */
export function breakdownsOf(kind: EvidenceKindName, summary: SummaryData): Breakdown[] {
  return LAYOUTS[kind].map(({ label, parts }) => ({
    label,
    segments: parts.flatMap(({ key, words, tone, isOptional }) => {
      const value = summary[key]
      const count = typeof value === 'number' ? value : 0
      return isOptional && count === 0 ? [] : [{ key, value: count, label: words, tone }]
    }),
  }))
}

type Part = { key: string; words: string; tone: Tone; isOptional?: boolean }

const part = (key: string, words: string, tone: Tone): Part => ({ key, words, tone })
/** A part that is worth a line only where there are any. */
const rare = (key: string, words: string, tone: Tone): Part => ({ key, words, tone, isOptional: true })

const LAYOUTS: Record<EvidenceKindName, { label: string; parts: Part[] }[]> = {
  user_inventory: [
    {
      label: 'Who they are',
      parts: [
        part('members', 'members', 'accent'),
        part('guests', 'guests', 'past'),
        rare('typeUnknown', 'of no stated type', 'unknown'),
      ],
    },
    {
      label: 'Whether they can sign in',
      parts: [
        part('enabled', 'enabled', 'pass'),
        part('disabled', 'disabled', 'none'),
        rare('enabledUnknown', 'not said', 'unknown'),
      ],
    },
  ],
  mfa_registration: [
    {
      label: 'Second factor',
      parts: [
        part('capable', 'capable', 'pass'),
        part('notCapable', 'not capable', 'fail'),
        rare('capableUnknown', 'not said', 'unknown'),
      ],
    },
  ],
  security_defaults: [],
  conditional_access_policies: [
    {
      label: 'State',
      parts: [
        part('enabled', 'on', 'pass'),
        part('reportOnly', 'report-only', 'stale'),
        part('disabled', 'off', 'none'),
        rare('otherState', 'in another state', 'unknown'),
      ],
    },
  ],
  risky_users: [
    {
      label: 'State',
      parts: [
        part('atRisk', 'at risk', 'fail'),
        rare('confirmedCompromised', 'confirmed compromised', 'fail'),
        part('remediated', 'remediated', 'pass'),
        part('dismissed', 'dismissed', 'none'),
        rare('other', 'in another state', 'unknown'),
      ],
    },
  ],
  risky_sign_ins: [
    {
      label: 'Level',
      parts: [
        part('high', 'high', 'fail'),
        part('medium', 'medium', 'stale'),
        part('low', 'low', 'none'),
        rare('hidden', 'not visible, needs P2', 'unknown'),
      ],
    },
  ],
  sign_in_activity: [
    {
      label: 'Last sign-in with success',
      parts: [
        part('within30Days', 'within 30 days', 'pass'),
        part('within90Days', '31 to 90 days ago', 'none'),
        part('longerAgo', 'over 90 days ago', 'stale'),
        part('never', 'never', 'unknown'),
      ],
    },
  ],
}
