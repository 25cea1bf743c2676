import { z } from 'zod'
import { scopeStates } from '../../connections/connection-detail.ts'
import { nameSteps, readConnectionPage } from '../../connections/connection-page.ts'
import { connectionOutput, runProgressOutput } from '../connection-fields.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { runOutput } from '../run-fields.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const output = z.strictObject({
  asOf: asOfOutput,
  connection: connectionOutput,
  scopes: z.array(
    z.strictObject({
      scope: z.string(),
      state: z.enum(scopeStates),
      kinds: z.array(z.string()),
    }),
  ),
  scopesSeenAt: z.date(),
  schedule: z.string(),
  nextSyncAt: z.date().nullable(),
  newestRun: runOutput.nullable(),
  newestEndedRun: z.uuid().nullable(),
  progress: z.array(runProgressOutput),
  /** What is read once a day, with a schedule and runs of its own. */
  daily: z
    .strictObject({
      titles: z.array(z.string()),
      schedule: z.string(),
      nextSyncAt: z.date().nullable(),
      newestRun: runOutput.nullable(),
      progress: z.array(runProgressOutput),
    })
    .nullable(),
  connectedBy: z.string().nullable(),
  authorizedBy: z.strictObject({ objectId: z.string(), login: z.string().nullable() }),
  history: z.array(
    z.strictObject({
      type: z.string(),
      position: z.int(),
      at: z.date(),
      by: z.string().nullable(),
      words: z.string(),
    }),
  ),
  /** What revoking destroys and keeps, and the word that confirms it; null for who may not. */
  revocation: z
    .strictObject({ word: z.string(), destroys: z.array(z.string()), keepsEvidence: z.int() })
    .nullable(),
  can: z.strictObject({ manage: z.boolean(), sync: z.boolean() }),
})

/** One connection as it stood. */
export const connectionsGet = organizationProcedure('connections:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput, connectionId: z.uuid() }))
  .output(output)
  .query(async ({ ctx, input }) => {
    const { services, access } = ctx
    const page = await readAsOf(ctx, (transaction, asOf) =>
      readConnectionPage(services, access, transaction, input.connectionId, asOf),
    )
    return nameSteps(services.database, page)
  })
