import { z } from 'zod'

export const verdicts = ['pass', 'fail', 'not_testable', 'no_data'] as const
export type Verdict = (typeof verdicts)[number]

/**
 * One thing that made a verdict. `subjects` are subject keys (directory object ids), at most
 * {@link maximumNamedSubjects} of them and sorted; `count` is how many there are in all. `detail` holds plain
 * values for the words, never a person's name.
 */
export const reasonSchema = z.strictObject({
  code: z.string(),
  verdict: z.enum([...verdicts, 'advice']),
  count: z.int().nonnegative(),
  subjects: z.array(z.string()),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
})
export type Reason = z.infer<typeof reasonSchema>

export const maximumNamedSubjects = 100

/** How many subjects were in scope and how they fared. */
export const populationSchema = z.strictObject({
  inScope: z.int().nonnegative(),
  pass: z.int().nonnegative(),
  fail: z.int().nonnegative(),
  noData: z.int().nonnegative(),
})
export type Population = z.infer<typeof populationSchema>

/** What a rule says at an instant, and what it will say from later instants on if nothing but time changes. */
export interface Judgement {
  verdict: Verdict
  reasons: Reason[]
  population: Population
  /** In order of time. Freshness, and deadlines that move with every success, are not among them. */
  changes: { at: Date; verdict: Verdict; reasons: Reason[] }[]
}
