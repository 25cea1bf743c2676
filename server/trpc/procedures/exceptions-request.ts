import { z } from 'zod'
import { requestException } from '../../decisions/decide-exceptions.ts'
import { exceptionSubjectSchema } from '../../domain/exception/subject.ts'
import { dayField, reasonField, subjectIdField } from '../decision-fields.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  controlId: z.string().max(20),
  sourceId: z.uuid().optional(),
  subjectKind: exceptionSubjectSchema.shape.kind,
  subjectId: subjectIdField,
  reason: reasonField,
  ownerId: z.uuid('Choose who answers for it.'),
  expiresOn: dayField,
})

/** Asks for an exception; another person decides on it. */
export const exceptionsRequest = organizationProcedure('exceptions:decide')
  .input(input)
  .output(z.strictObject({ exceptionId: z.uuid() }))
  .mutation(async ({ ctx, input: { organization: _, subjectKind, subjectId, ...request } }) => {
    const subject =
      subjectKind === 'account'
        ? ({ kind: 'account', id: accountId(subjectId) } as const)
        : { kind: subjectKind, id: subjectId }
    return { exceptionId: await requestException(ctx.services, ctx.access, { ...request, subject }) }
  })

/** As subject keys are kept; what is none is an account that there is not. */
const accountId = (text: string) => (z.guid().safeParse(text).success ? text.toLowerCase() : nobody)
const nobody = '00000000-0000-0000-0000-000000000000'
