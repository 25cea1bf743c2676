import { verdictWords } from '../domain/control/words.ts'
import { type ControlState, controlState } from '../domain/coverage/control-timeline.ts'
import type { KnownCoverage } from './read-coverage.ts'

export interface ShortControl {
  readonly id: string
  readonly title: string
  readonly state: ControlState
  /** The verdict in a word or two, and what stands in the way. */
  readonly words: string
}

export interface ControlsOfCriterion {
  readonly criterion: string
  readonly name: string
  readonly controls: readonly ShortControl[]
}

/** Each control once, under the first of its criteria; criteria without one are left out. */
export function controlsByCriterion({ catalogue, coverage }: KnownCoverage): ControlsOfCriterion[] {
  return catalogue.criteria.flatMap(({ id, name }) => {
    const controls = catalogue.controls
      .filter(control => control.criteria[0] === id)
      .flatMap(control => {
        const judged = coverage.controls.find(each => each.controlId === control.id)
        if (!judged) return []
        const words = verdictWords(judged.verdict, judged.reasons)
        return [{ id: control.id, title: control.shortTitle, state: controlState(judged), words }]
      })
    return controls.length === 0 ? [] : [{ criterion: id, name, controls }]
  })
}
