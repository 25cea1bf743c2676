import { z } from 'zod'
import { listEventPage } from '../../audit/list-events.ts'
import { streamTypes } from '../../domain/events.ts'
import { actorOutput, eventFilterFields, eventOutput } from '../event-fields.ts'
import { instantField } from '../instant-field.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

/** Which events. */
export const eventsInput = {
  ...organizationInput,
  ...asOfInput,
  ...eventFilterFields,
  from: instantField,
  to: instantField,
}

const input = z.strictObject({
  ...eventsInput,
  /** Events before this position. */
  before: z.coerce.number().int().nonnegative().optional(),
})

const output = z.strictObject({
  asOf: asOfOutput,
  events: z.array(eventOutput),
  next: z.int().nullable(),
  /** What the filters offer. */
  choices: z.strictObject({
    actors: z.array(actorOutput),
    streamTypes: z.array(z.enum(streamTypes)),
    types: z.array(z.strictObject({ type: z.string(), words: z.string() })),
  }),
})

/** One page of what happened, newest first. */
export const ledgerEvents = organizationProcedure('ledger:read')
  .input(input)
  .output(output)
  .query(({ ctx, input }) =>
    readAsOf(ctx, (transaction, asOf) => listEventPage(ctx.services, transaction, ctx.access, asOf, input)),
  )
