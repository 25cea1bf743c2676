import type { z } from 'zod'
import { catalogue } from '../control/catalogue.ts'
import type { ThresholdId } from '../control/definition.ts'
import { rangeWords } from '../control/threshold-words.ts'
import { DomainRefusal } from '../refusal.ts'
import type {
  controlTakenIntoScope,
  controlTakenOutOfScope,
  sourceTakenIntoScope,
  sourceTakenOutOfScope,
  thresholdChanged,
} from './events.ts'

export type SettingsEvent =
  | { type: 'ThresholdChanged'; payload: z.infer<typeof thresholdChanged> }
  | { type: 'ControlTakenOutOfScope'; payload: z.infer<typeof controlTakenOutOfScope> }
  | { type: 'ControlTakenIntoScope'; payload: z.infer<typeof controlTakenIntoScope> }
  | { type: 'SourceTakenOutOfScope'; payload: z.infer<typeof sourceTakenOutOfScope> }
  | { type: 'SourceTakenIntoScope'; payload: z.infer<typeof sourceTakenIntoScope> }

export type SettingsCommand =
  | { type: 'set_threshold'; thresholdId: ThresholdId; value: number }
  | { type: 'scope_control'; controlId: string; isInScope: boolean; reason: string }
  | { type: 'scope_source'; sourceId: string; isInScope: boolean; reason: string }

/** What an organization has set so far. */
export interface SettingsState {
  readonly catalogueVersion: number
  readonly thresholds: ReadonlyMap<string, number>
  readonly outOfScope: { readonly controls: ReadonlySet<string>; readonly sources: ReadonlySet<string> }
}

/** Which events a command leads to. No event means that nothing changed. @throws {DomainRefusal} */
export function decideSettings(command: SettingsCommand, state: SettingsState): SettingsEvent[] {
  switch (command.type) {
    case 'set_threshold':
      return setThreshold(command, state)
    case 'scope_control': {
      const { controlId, isInScope, reason } = command
      const { controls } = catalogue(state.catalogueVersion)
      if (!controls.some(({ id }) => id === controlId)) {
        throw new DomainRefusal('unknown_control', 'The control catalogue in force has no such control.')
      }
      if (state.outOfScope.controls.has(controlId) !== isInScope) return []
      const payload = { controlId, reason }
      return [
        isInScope ? { type: 'ControlTakenIntoScope', payload } : { type: 'ControlTakenOutOfScope', payload },
      ]
    }
    case 'scope_source': {
      const { sourceId, isInScope, reason } = command
      if (state.outOfScope.sources.has(sourceId) !== isInScope) return []
      const payload = { sourceId, reason }
      return [
        isInScope ? { type: 'SourceTakenIntoScope', payload } : { type: 'SourceTakenOutOfScope', payload },
      ]
    }
  }
}

function setThreshold(
  { thresholdId, value }: Extract<SettingsCommand, { type: 'set_threshold' }>,
  { catalogueVersion, thresholds }: SettingsState,
): SettingsEvent[] {
  const threshold = catalogue(catalogueVersion).thresholds?.find(({ id }) => id === thresholdId)
  if (!threshold) {
    throw new DomainRefusal('unknown_threshold', 'The control catalogue in force has no such threshold.')
  }
  if (!Number.isInteger(value) || value < threshold.minimum || value > threshold.maximum) {
    throw new DomainRefusal('out_of_range', `Give a whole number: ${rangeWords(threshold)}.`)
  }
  if ((thresholds.get(thresholdId) ?? threshold.default) === value) return []
  return [{ type: 'ThresholdChanged', payload: { thresholdId, value } }]
}
