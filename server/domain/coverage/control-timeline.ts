import type { ControlId } from '../control/definition.ts'
import { type ControlCoverage, coverage } from './coverage.ts'
import { type CoverageHistory, historyReader } from './history.ts'
import { changeInstants, type Stretch } from './timeline.ts'

/** A verdict, or of a pass how old its evidence is. */
export const controlStates = ['pass', 'fail', 'not_testable', 'no_data', 'stale', 'expired'] as const
export type ControlState = (typeof controlStates)[number]

/** How one control stood over a stretch of time: a state at `from`, and each change up to and with `to`. */
export function controlTimeline(
  history: CoverageHistory & Stretch,
  controlId: ControlId,
): { at: Date; state: ControlState }[] {
  const catalogue = {
    ...history.catalogue,
    controls: history.catalogue.controls.filter(control => control.id === controlId),
  }
  // A control out of scope is judged all the same.
  const own = { ...history, catalogue, outOfScope: [] }
  const knownAt = historyReader(own)
  const changes: { at: Date; state: ControlState }[] = []
  for (const at of changeInstants(own)) {
    const [control] = coverage(knownAt(at)).controls
    if (!control) continue
    const state = controlState(control)
    if (changes.at(-1)?.state !== state) changes.push({ at, state })
  }
  return changes
}

/** What a control is shown as: a pass on stale or expired evidence is called that. */
export function controlState({
  verdict,
  freshness,
}: Pick<ControlCoverage, 'verdict' | 'freshness'>): ControlState {
  if (verdict !== 'pass') return verdict
  if (freshness === 'fresh') return 'pass'
  return freshness === 'stale' ? 'stale' : 'expired'
}
