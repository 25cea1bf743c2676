import { z } from 'zod'
import { AppError, notFound } from '../../errors.ts'
import { type AskedScope, requestExport } from '../../export/request-export.ts'
import { limitAction } from '../../http/rate-limit.ts'
import { instantField } from '../instant-field.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  scope: z.enum(['organization', 'period', 'assessment'], 'Choose what to export.'),
  /** Of a period: what was recorded after this instant. */
  from: instantField,
  /** Up to and with this one; now where it is empty. */
  to: instantField,
  /** Of an assessment: which one. */
  assessmentId: z.uuid().optional(),
})

/** Asks for an archive; it is made in the background. */
export const exportsRequest = organizationProcedure('ledger:export', { fresh: true })
  .input(input)
  .output(z.strictObject({ exportId: z.uuid() }))
  .mutation(async ({ ctx, input: { scope, from, to, assessmentId } }) => {
    const { services, access } = ctx
    if (scope === 'period' && !from) throw periodWithoutBeginning()
    if (scope === 'assessment' && !assessmentId) throw notFound('assessment')
    await limitAction(services.database, 'export', access.organizationId)
    return requestExport(services, access, askedOf({ scope, from, to, assessmentId }))
  })

/** An assessment that is named is what is asked for, whatever else a form sent along. */
function askedOf({ scope, from, to, assessmentId }: Asked): AskedScope {
  if (assessmentId) return { kind: 'assessment', assessmentId }
  if (scope === 'period' && from) return { kind: scope, from, to: to ?? null }
  return { kind: 'organization' }
}

type Asked = Omit<z.infer<typeof input>, 'organization'>

const periodWithoutBeginning = () =>
  new AppError('bad_input', 'a period without a beginning', {
    fields: { from: 'Say when the period begins.' },
  })
