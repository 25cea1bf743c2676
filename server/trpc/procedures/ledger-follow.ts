import { tracked } from '@trpc/server'
import { z } from 'zod'
import { followEvents, type LedgerNews, periodOver } from '../../audit/follow-events.ts'
import { eventOutput } from '../event-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  /** The newest position that the page was made of: what comes after it is told. */
  after: z.int().min(-1),
  /** The last position that a page was told before its connection broke; it goes before `after`. */
  lastEventId: z
    .string()
    .regex(/^\d{1,15}$/, 'Give a position.')
    .nullish(),
})

const { position, type, typeWords, words } = eventOutput.shape

/** Instants are ISO strings: this goes out as events. */
const newsSchema = z.strictObject({
  position: z.int(),
  head: z.int(),
  openAlerts: z.int(),
  events: z.array(z.strictObject({ position, recordedAt: z.iso.datetime(), type, typeWords, words })),
})

/** What is recorded from now on: where the page is at once, then every event as it comes. */
export const ledgerFollow = organizationProcedure('coverage:read')
  .input(input)
  .subscription(async function* ({ ctx, input: { after, lastEventId }, signal }) {
    if (ctx.asOf.kind !== 'now') throw periodOver()
    const news = followEvents(ctx.services, ctx.access, {
      after: lastEventId ? Number(lastEventId) : after,
      signal: signal ?? new AbortController().signal,
    })
    for await (const message of news)
      yield tracked(String(message.position), newsSchema.parse(shownOf(message)))
  })

const shownOf = ({ events, ...rest }: LedgerNews) => ({
  ...rest,
  events: events.map(({ position, recordedAt, type, typeWords, words }) => ({
    position,
    recordedAt: recordedAt.toISOString(),
    type,
    typeWords,
    words,
  })),
})
