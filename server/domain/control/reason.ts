import { maximumNamedSubjects, type Population, type Reason } from './judgement.ts'

/** A reason with what is not given left empty; a count that is not given is the number of subjects. */
export function reason(
  code: string,
  verdict: Reason['verdict'],
  more: { count?: number; subjects?: readonly string[]; detail?: Reason['detail'] } = {},
): Reason {
  const subjects = [...(more.subjects ?? [])].sort(byCodeUnit)
  return {
    code,
    verdict,
    count: more.count ?? subjects.length,
    subjects: subjects.slice(0, maximumNamedSubjects),
    detail: more.detail ?? {},
  }
}

export const emptyPopulation: Population = { inScope: 0, pass: 0, fail: 0, noData: 0 }

/** The same order in every locale, so that reasons are the same wherever they are made. */
export function byCodeUnit(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
