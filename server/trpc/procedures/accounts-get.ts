import { z } from 'zod'
import { showAccount } from '../../decisions/show-account.ts'
import { verdicts } from '../../domain/control/judgement.ts'
import { exceptionSubjectSchema } from '../../domain/exception/subject.ts'
import { listOf } from '../coverage-schemas.ts'
import { exceptionListOutput } from '../decision-fields.ts'
import { subjectField } from '../evidence-fields.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'
import { accountFields } from './accounts-list.ts'

const input = z.strictObject({ ...organizationInput, ...asOfInput, subject: subjectField })

const decided = { reason: z.string(), since: z.date(), byName: z.string() }

const output = z.strictObject({
  asOf: asOfOutput,
  ...accountFields,
  sourceId: z.uuid(),
  isListed: z.boolean(),
  declaration: z
    .strictObject({ ...decided, ownerName: z.string(), expiresAt: z.date().nullable() })
    .nullable(),
  approvedAdministrator: z.strictObject(decided).nullable(),
  named: listOf(
    z.strictObject({
      controlId: z.string(),
      title: z.string(),
      verdict: z.enum([...verdicts, 'advice']),
      text: z.string(),
      exceptable: exceptionSubjectSchema.nullable(),
    }),
  ),
  exceptions: exceptionListOutput,
  history: listOf(z.strictObject({ position: z.int(), at: z.date(), byName: z.string(), text: z.string() })),
})

/** One account with its class, its owner, its exceptions, and every decision on it. */
export const accountsGet = organizationProcedure('evidence:read')
  .input(input)
  .output(output)
  .query(({ ctx, input: { subject } }) =>
    readAsOf(ctx, (transaction, asOf) =>
      showAccount(ctx.services, transaction, ctx.access.organizationId, asOf, subject),
    ),
  )
