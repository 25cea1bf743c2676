import { z } from 'zod'
import { connectorCard } from '../../connectors/cards.ts'
import { connectFields } from '../../connectors/contract.ts'
import { latestCatalogueVersion } from '../../domain/control/catalogue.ts'
import { cadences } from '../../domain/evidence/kinds.ts'
import { isAllowed } from '../../domain/member/roles.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  id: z.string(),
  name: z.string(),
  category: z.string(),
  authorizationMethod: z.string(),
  cadence: z.string(),
  summary: z.string(),
  staleAfterHours: z.number(),
  signIn: z.string(),
  console: z.string(),
  roles: z.string(),
  account: z.string(),
  permissions: z.string(),
  stepsTitle: z.string(),
  fields: z.record(
    z.enum(connectFields),
    z.strictObject({ label: z.string(), hint: z.string(), where: z.string() }),
  ),
  newSecret: z.string(),
  canOnlyRead: z.string(),
  cannotSee: z.string(),
  afterRevoking: z.string(),
  redirectUri: z.url(),
  scopes: z.array(z.string()),
  clouds: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  steps: z.array(
    z.strictObject({
      title: z.string(),
      details: z.array(z.string()),
      copies: z.array(z.strictObject({ label: z.string(), value: z.string() })),
    }),
  ),
  reads: z.array(
    z.strictObject({
      kind: z.string(),
      title: z.string(),
      mode: z.enum(['state', 'feed']),
      cadence: z.enum(cadences),
      staleAfterHours: z.number(),
      purpose: z.string(),
      scopes: z.array(z.string()),
      licence: z.string().nullable(),
      request: z.string(),
      absentIn: z.array(z.string()),
      controls: z.array(z.strictObject({ id: z.string(), title: z.string() })),
    }),
  ),
  /** Where questions go: RFC 2142 reserves this mailbox for them. */
  contact: z.string(),
  canConnect: z.boolean(),
})

/** What a connector reads and why, and the steps to connect it. */
export const connectorsCard = organizationProcedure('connections:read')
  .input(z.strictObject({ ...organizationInput, connector: z.string().max(40) }))
  .output(output)
  .query(({ ctx, input }) => {
    const { appOrigin, connectors } = ctx.services
    const card = connectorCard(connectors.get(input.connector), {
      appOrigin,
      catalogueVersion: latestCatalogueVersion,
    })
    const contact = `support@${new URL(appOrigin).hostname}`
    return { ...card, contact, canConnect: isAllowed(ctx.access.role, 'connections:manage') }
  })
