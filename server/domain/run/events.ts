import { z } from 'zod'
import { evidenceKinds, unavailableReasons } from '../evidence/kinds.ts'

export const runTriggers = ['connect', 'schedule', 'manual', 'sweep'] as const

const runOf = { connectionId: z.uuid(), sourceId: z.uuid(), runId: z.uuid() }

export const syncStarted = z.strictObject({
  ...runOf,
  trigger: z.enum(runTriggers),
  kinds: z.array(z.enum(evidenceKinds)),
})

const kindResult = z.strictObject({
  kind: z.enum(evidenceKinds),
  outcome: z.enum(['collected', 'reaffirmed', 'unavailable']),
  reason: z.enum(unavailableReasons).nullable(),
  items: z.int().nonnegative().nullable(),
})

/** Every kind that was due came, or is settled as not licensed. */
export const syncSucceeded = z.strictObject({ ...runOf, kinds: z.array(kindResult) })

/** Some kinds came, some failed. */
export const syncPartlySucceeded = z.strictObject({ ...runOf, kinds: z.array(kindResult) })

/** No kind came. `cause` is a short stable word; `explanation` is for people. */
export const syncFailed = z.strictObject({
  ...runOf,
  cause: z.string(),
  explanation: z.string(),
  kinds: z.array(kindResult),
})
