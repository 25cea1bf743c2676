import { tracked } from '@trpc/server'
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import { followRun, type RunView } from '../../evidence/follow-run.ts'
import { resolveAccess } from '../../members/resolve-access.ts'
import { runProgressOutput } from '../connection-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  connectionId: z.uuid(),
  /** The newest run that has ended: the one after it is followed. */
  afterRun: z.uuid().nullable(),
  /** The last state that a page saw before its connection broke. */
  lastEventId: z.string().max(80).nullish(),
})

/** Instants are ISO strings: this goes out as events. */
const stateSchema = z.strictObject({
  state: z.enum(['waiting', 'running', 'ended']),
  runId: z.uuid().nullable(),
  startedAt: z.iso.datetime().nullable(),
  outcome: z.string().nullable(),
  explanation: z.string().nullable(),
  kinds: z.array(runProgressOutput),
})

/** A run as it goes on: where it is at once, then every change, until it has ended. */
export const connectionsProgress = organizationProcedure('connections:read')
  .input(input)
  .subscription(async function* ({ ctx, input, signal }) {
    // An auditor whose period is over looks at its end, where nothing runs.
    if (ctx.asOf.kind !== 'now') throw new AppError('forbidden', 'progress is of now')
    const { connectionId, afterRun, lastEventId } = input
    const { organizationId, userId, slug } = ctx.access
    const key = { organizationId, connectionId, afterRun }
    const options = { signal: signal ?? new AbortController().signal, seen: lastEventId ?? null }
    for await (const view of followRun(ctx.services.database, key, options)) {
      // A stream lasts longer than a membership may.
      await resolveAccess(ctx.services, { userId, slug })
      yield tracked(view.version, stateSchema.parse(stateOf(view)))
    }
  })

const stateOf = ({ version: _, startedAt, ...rest }: RunView) => ({
  ...rest,
  startedAt: startedAt?.toISOString() ?? null,
})
