import { z } from 'zod'
import { verdicts } from '../domain/control/judgement.ts'
import { controlStates } from '../domain/coverage/control-timeline.ts'
import { freshnessStates } from '../domain/coverage/freshness.ts'
import { evidenceKinds } from '../domain/evidence/kinds.ts'
import { hourStateOutput } from './plot-schemas.ts'

/** What the answers about coverage and controls have in common. */

export const listOf = <T extends z.ZodType>(item: T) => z.array(item).readonly()

export const verdictOutput = z.enum(verdicts)
export const freshnessOutput = z.enum(freshnessStates)
export const controlStateOutput = z.enum(controlStates)

/** A way on: words, and a path below the organization's own address. */
export const stepOutput = z.strictObject({ label: z.string(), to: z.string() }).nullable()

export const partsOutput = z.strictObject({
  passFresh: z.int(),
  passStale: z.int(),
  passExpired: z.int(),
  fail: z.int(),
  notTestable: z.int(),
  noData: z.int(),
})

export const populationOutput = z.strictObject({
  inScope: z.int(),
  pass: z.int(),
  fail: z.int(),
  noData: z.int(),
})

/** Hours in a row in which something that was due did not come in its hour, and why. */
export const hourGapOutput = z.strictObject({
  sourceId: z.uuid(),
  kinds: listOf(z.strictObject({ kind: z.enum(evidenceKinds), title: z.string() })),
  from: z.date(),
  to: z.date(),
  hours: z.int(),
  state: hourStateOutput,
  why: z.string().nullable(),
  runId: z.uuid().nullable(),
})

export const needOutput = z.strictObject({
  key: z.string(),
  tone: z.enum(['fail', 'stale', 'unknown', 'notice']),
  title: z.string(),
  text: z.string(),
  since: z.date().nullable(),
  step: stepOutput,
})

export const listedControlFields = {
  id: z.string(),
  title: z.string(),
  criteria: listOf(z.string()),
  verdict: verdictOutput,
  words: z.string(),
  state: controlStateOutput,
  freshness: freshnessOutput,
  because: z.string(),
  population: populationOutput,
  evidence: listOf(z.string()),
  outOfScope: z.strictObject({ reason: z.string(), since: z.date() }).nullable(),
}

export const listedControlOutput = z.strictObject(listedControlFields)

export const waitingControlOutput = z.strictObject({
  id: z.string(),
  criteria: listOf(z.string()),
  title: z.string(),
  needs: z.string(),
})
