import { z } from 'zod'
import { accessOfState } from '../../connections/access-of-state.ts'
import { completeAuthorization } from '../../connections/complete-authorization.ts'
import { signedInProcedure } from '../trpc.ts'

const input = z.strictObject({
  /** The callback's query as it came. */
  query: z.string().max(8_000),
})

const output = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.enum(['connected', 'reauthorized']),
    organization: z.string(),
    connectionId: z.uuid(),
  }),
  z.strictObject({
    outcome: z.literal('refused'),
    organization: z.string(),
    purpose: z.enum(['connect', 'reauthorize']),
    connectionId: z.uuid(),
    title: z.string(),
    explanation: z.string(),
    who: z.string(),
    remedy: z.array(z.string()).readonly(),
    field: z.enum(['externalTenantId', 'clientId', 'clientSecret', 'cloud']).nullable(),
    code: z.string().nullable(),
    /** What was typed, but for the secret. */
    typed: z.strictObject({
      externalTenantId: z.string(),
      clientId: z.string(),
      cloud: z.string(),
      secretExpiresOn: z.string().nullable(),
    }),
  }),
  z.strictObject({ outcome: z.literal('unknown_state') }),
])

/** Takes the browser back in from the source's sign-in. The state says which organization it is for. */
export const connectionsComplete = signedInProcedure
  .input(input)
  .output(output)
  .mutation(async ({ ctx, input }) => {
    const { services, signedIn } = ctx
    const callback = new URLSearchParams(input.query)
    const userId = signedIn.user.id
    const access = await accessOfState(services, { userId, state: callback.get('state') })
    if (!access) return { outcome: 'unknown_state' as const }
    const { organizationId, slug: organization } = access
    const browser = { organizationId, userId, sessionId: signedIn.session.id }
    const outcome = await completeAuthorization(services, browser, callback)
    return outcome.outcome === 'unknown_state' ? outcome : { ...outcome, organization }
  })
