import { z } from 'zod'
import { populationSorts } from '../../evidence/queries/population-page.ts'
import { showPopulation } from '../../evidence/queries/show-population.ts'
import { kindField } from '../evidence-fields.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

/** Which population, and which part of it in which order. */
export const populationInput = {
  kind: kindField,
  source: z.uuid().optional(),
  search: z
    .string()
    .max(120, 'Search for at most 120 characters.')
    // No name holds control characters, and the database takes no NUL.
    .transform(text => text.replace(/\p{Cc}/gu, ' ').trim())
    .default(''),
  sort: z.enum(populationSorts).default('name').catch('name'),
}

/** `after:<subject key>` or `before:<subject key>`. */
export const populationCursor = z
  .string()
  .regex(/^(after|before):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'This is no page of the list.')
  .optional()

const input = z.strictObject({
  ...organizationInput,
  ...asOfInput,
  ...populationInput,
  cursor: populationCursor,
})

const cell = z.strictObject({
  text: z.string(),
  tone: z.enum(['pass', 'fail', 'stale', 'unknown', 'none']).nullable(),
  at: z.date().nullable(),
})

const output = z.strictObject({
  asOf: asOfOutput,
  columns: z.array(z.strictObject({ key: z.string(), header: z.string() })),
  total: z.int(),
  found: z.int(),
  rows: z.array(
    z.strictObject({
      subjectKey: z.guid(),
      itemHash: z.string(),
      isRemoved: z.boolean(),
      removed: z.string().nullable(),
      name: z.string(),
      login: z.string().nullable(),
      cells: z.record(z.string(), cell),
    }),
  ),
  previous: z.string().nullable(),
  next: z.string().nullable(),
})

/** One page of who and what was in a population. */
export const evidencePopulation = organizationProcedure('evidence:read')
  .input(input)
  .output(output)
  .query(({ ctx, input }) =>
    readAsOf(ctx, (transaction, asOf) =>
      showPopulation(ctx.services, transaction, ctx.access.organizationId, asOf, input),
    ),
  )
