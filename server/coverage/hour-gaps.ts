import { type EvidenceKind, evidenceKind } from '../domain/evidence/kinds.ts'
import type { HourState } from '../domain/plots/gap-strip.ts'
import type { HourFinding } from './hour-findings.ts'
import type { HourLedger } from './read-hours.ts'

const hour = 3_600_000

/** Hours in a row of which the same is known: of one source, and of the kinds that share it. */
export interface HourGap {
  readonly sourceId: string
  readonly kinds: readonly { readonly kind: EvidenceKind; readonly title: string }[]
  readonly from: Date
  readonly to: Date
  readonly hours: number
  readonly state: HourState
  readonly why: string | null
  /** The run that tells of its last hour. */
  readonly runId: string | null
}

/** The stretches in which something that was due did not come in its hour, the newest first. */
export function hourGaps(ledger: HourLedger): HourGap[] {
  const gaps = new Map<string, HourGap>()
  for (const { sourceId, kind, findings } of ledger.rows) {
    for (const { start, length, finding } of stretches(findings)) {
      if (!told.has(finding.state)) continue
      const key = [sourceId, start, length, finding.state, finding.why].join(' ')
      const known = gaps.get(key)
      gaps.set(key, {
        sourceId,
        kinds: [...(known?.kinds ?? []), { kind, title: evidenceKind(kind).title }],
        from: new Date(ledger.from.getTime() + start * hour),
        to: new Date(ledger.from.getTime() + (start + length) * hour),
        hours: length,
        ...finding,
      })
    }
  }
  return [...gaps.values()].sort((a, b) => b.to.getTime() - a.to.getTime() || b.hours - a.hours)
}

const told = new Set<HourState>(['failed', 'missing', 'unreadable', 'caught_up'])

function stretches(findings: readonly HourFinding[]) {
  const result: { start: number; length: number; finding: HourFinding }[] = []
  for (const [index, finding] of findings.entries()) {
    const last = result.at(-1)
    if (last && last.finding.state === finding.state && last.finding.why === finding.why) {
      last.length += 1
      last.finding = finding
    } else result.push({ start: index, length: 1, finding })
  }
  return result
}
