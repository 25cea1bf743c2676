import { evidenceKind, evidenceKinds } from '../domain/evidence/kinds.ts'
import { type GapStrip, gapStrip } from '../domain/plots/gap-strip.ts'
import { notDue, worstHour } from './hour-findings.ts'
import type { HourLedger } from './read-hours.ts'

/** The hours of each kind as a strip: over several sources the worst counts. */
export function drawGapStrip({ from, hours, rows }: HourLedger): GapStrip {
  const kinds = evidenceKinds.filter(kind => rows.some(row => row.kind === kind))
  return gapStrip({
    from,
    hours,
    rows: kinds.map(kind => {
      const perSource = rows.filter(row => row.kind === kind)
      const findings = Array.from({ length: hours }, (_, index) =>
        worstHour(perSource.map(({ findings }) => findings[index] ?? notDue)),
      )
      return { kind, label: evidenceKind(kind).title, states: findings.map(({ state }) => state) }
    }),
  })
}
