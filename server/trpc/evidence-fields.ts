import { z } from 'zod'
import { freshnessStates } from '../domain/coverage/freshness.ts'
import { evidenceKinds, kindNamed } from '../domain/evidence/kinds.ts'
import { notFound } from '../errors.ts'

/** What answers about evidence have in common. */

export const kindOutput = z.enum(evidenceKinds)

/** A kind as an address names it: one that nobody knows is not found, not a mistake in a form. */
export const kindField = z
  .string()
  .max(60)
  .transform(text => {
    const kind = kindNamed(text)
    if (!kind) throw notFound('kind of evidence')
    return kind
  })

/** A row as an address names it: what is no id at all is not found either. */
export const evidenceIdField = z
  .string()
  .max(60)
  .transform(text => {
    if (!z.uuid().safeParse(text).success) throw notFound('evidence')
    return text
  })

/** A row of a population as an address names it: what is no key at all is not found either. */
export const subjectField = z
  .string()
  .max(60)
  .transform(text => {
    if (!z.guid().safeParse(text).success) throw notFound('row of the population')
    return text.toLowerCase()
  })

export const summaryOutput = z.record(z.string(), z.union([z.number(), z.boolean(), z.string(), z.null()]))

export const sourceFields = {
  sourceId: z.uuid(),
  connectionId: z.uuid(),
  connectorName: z.string(),
  externalTenantId: z.string(),
  status: z.string(),
  connectedAt: z.date(),
}

export const kindStateOutput = z.strictObject({
  kind: kindOutput,
  title: z.string(),
  mode: z.enum(['state', 'feed']),
  freshness: z.enum(freshnessStates),
  staleAt: z.date().nullable(),
  expiredAt: z.date().nullable(),
  lastSuccessAt: z.date().nullable(),
  lastRun: z
    .strictObject({
      at: z.date(),
      runId: z.uuid(),
      outcome: z.enum(['collected', 'reaffirmed', 'unavailable']),
    })
    .nullable(),
  unavailable: z
    .strictObject({
      reason: z.string(),
      title: z.string(),
      explanation: z.string(),
      remedy: z.string(),
    })
    .nullable(),
  evidence: z
    .strictObject({
      id: z.uuid(),
      position: z.int(),
      attachedAt: z.date(),
      fingerprint: z.string(),
      itemCount: z.int(),
      summary: summaryOutput,
    })
    .nullable(),
  populationCount: z.int(),
})

export const attachedRowFields = {
  id: z.uuid(),
  position: z.int(),
  attachedAt: z.date(),
  fingerprint: z.string(),
  itemCount: z.int(),
  window: z.strictObject({ from: z.date(), to: z.date() }).nullable(),
  changes: z.strictObject({ joined: z.int(), changed: z.int(), left: z.int() }),
  cause: z.enum(['source', 'collector']),
  isFirst: z.boolean(),
}
