import { z } from 'zod'
import { AppError } from '../../errors.ts'
import { requestExport } from '../../export/request-export.ts'
import { limitAction } from '../../http/rate-limit.ts'
import { instantField } from '../instant-field.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  scope: z.enum(['organization', 'period'], 'Choose what to export.'),
  /** Of a period: what was recorded after this instant. */
  from: instantField,
  /** Up to and with this one; now where it is empty. */
  to: instantField,
})

/** Asks for an archive; it is made in the background. */
export const exportsRequest = organizationProcedure('ledger:export', { fresh: true })
  .input(input)
  .output(z.strictObject({ exportId: z.uuid() }))
  .mutation(async ({ ctx, input: { scope, from, to } }) => {
    const { services, access } = ctx
    if (scope === 'period' && !from) throw periodWithoutBeginning()
    await limitAction(services.database, 'export', access.organizationId)
    const asked = scope === 'period' && from ? { kind: scope, from, to: to ?? null } : organization
    return requestExport(services, access, asked)
  })

const organization = { kind: 'organization' } as const

const periodWithoutBeginning = () =>
  new AppError('bad_input', 'a period without a beginning', {
    fields: { from: 'Say when the period begins.' },
  })
