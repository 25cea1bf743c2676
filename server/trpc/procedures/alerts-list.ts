import { z } from 'zod'
import { showAlerts } from '../../alerts/show-alerts.ts'
import { alertKinds } from '../../domain/alert/causes.ts'
import { isAllowed } from '../../domain/member/roles.ts'
import { periodStart } from '../../members/auditor-period.ts'
import { listOf } from '../coverage-schemas.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const alertOutput = z.strictObject({
  id: z.uuid(),
  kind: z.enum(alertKinds),
  isOpen: z.boolean(),
  title: z.string(),
  meaning: z.string(),
  step: z.strictObject({ label: z.string(), to: z.string() }),
  since: z.date(),
  raisedAt: z.date(),
  causedAt: z.int(),
  reminders: z.int(),
  remindedAt: z.date().nullable(),
  acknowledged: z.strictObject({ by: z.string(), at: z.date() }).nullable(),
  ended: z.strictObject({ at: z.date(), words: z.string() }).nullable(),
  deliveries: listOf(
    z.strictObject({
      at: z.date(),
      receiver: z.string(),
      isDelivered: z.boolean(),
      explanation: z.string().nullable(),
    }),
  ),
})

const output = z.strictObject({
  asOf: asOfOutput,
  open: listOf(alertOutput),
  past: listOf(alertOutput),
  canAcknowledge: z.boolean(),
  canReceive: z.boolean(),
})

/** Alerts that were open and over as of a moment; an auditor's begin with the period. */
export const alertsList = organizationProcedure('coverage:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(output)
  .query(({ ctx }) =>
    readAsOf(ctx, async (transaction, asOf) => {
      const { organizationId, role } = ctx.access
      const from = (await periodStart(transaction, ctx.access))?.from ?? null
      return {
        ...(await showAlerts(ctx.services, transaction, { organizationId, asOf, from })),
        canAcknowledge: asOf.isNow && isAllowed(role, 'alerts:acknowledge'),
        canReceive: isAllowed(role, 'alerts:receive'),
      }
    }),
  )
