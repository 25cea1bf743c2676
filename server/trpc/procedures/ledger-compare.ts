import { z } from 'zod'
import { compareMoments } from '../../audit/compare/compare-moments.ts'
import { exceptionStates } from '../../domain/exception/exceptions-at.ts'
import { controlStateOutput, partsOutput } from '../coverage-schemas.ts'
import { kindOutput } from '../evidence-fields.ts'
import { answeredAsOf, asOfOutput, readAsOf, resolveAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({
  ...organizationInput,
  ...asOfInput,
  /** The moment to compare with, in the forms of `asOf`. */
  against: z.string().min(1, 'Give a moment to compare with.').max(80),
})

const coverageThen = z.strictObject({ percent: z.number(), parts: partsOutput })

const controlThen = z
  .strictObject({ state: controlStateOutput, words: z.string(), because: z.string() })
  .nullable()

const changedGroup = z.strictObject({
  count: z.int(),
  items: z.array(
    z.strictObject({
      subjectKey: z.string(),
      name: z.string().nullable(),
      removed: z.string().nullable(),
      login: z.string().nullable(),
      fields: z.array(
        z.strictObject({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
      ),
    }),
  ),
})

const connectionThen = z.strictObject({
  status: z.enum(['connected', 'needs_attention', 'revoked']),
  grantedScopes: z.array(z.string()),
})

const exceptionState = z.enum(exceptionStates)

const output = z.strictObject({
  asOf: asOfOutput,
  /** What `against` resolved to. */
  against: asOfOutput,
  /** The earlier and the later of the two moments. */
  before: asOfOutput,
  after: asOfOutput,
  coverage: z.strictObject({ before: coverageThen, after: coverageThen }),
  controls: z.array(
    z.strictObject({ id: z.string(), title: z.string(), before: controlThen, after: controlThen }),
  ),
  sameControls: z.int(),
  populations: z.array(
    z.strictObject({
      sourceId: z.uuid(),
      source: z.string(),
      kind: kindOutput,
      title: z.string(),
      itemName: z.tuple([z.string(), z.string()]).readonly(),
      countBefore: z.int(),
      countAfter: z.int(),
      joined: changedGroup,
      changed: changedGroup,
      left: changedGroup,
    }),
  ),
  connections: z.array(
    z.strictObject({
      sourceId: z.uuid(),
      source: z.string(),
      connectorName: z.string(),
      connectionId: z.uuid(),
      before: connectionThen.nullable(),
      after: connectionThen,
    }),
  ),
  members: z.array(
    z.strictObject({
      userId: z.uuid(),
      name: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
  exceptions: z.strictObject({
    count: z.int(),
    items: z.array(
      z.strictObject({
        exceptionId: z.uuid(),
        controlId: z.string(),
        subject: z.string(),
        reason: z.string(),
        expiresAt: z.date(),
        before: exceptionState.nullable(),
        after: exceptionState,
      }),
    ),
  }),
  alerts: z.strictObject({
    count: z.int(),
    items: z.array(
      z.strictObject({
        alertId: z.uuid(),
        title: z.string(),
        since: z.date(),
        wasOpen: z.boolean(),
        ended: z.strictObject({ at: z.date(), words: z.string() }).nullable(),
      }),
    ),
  }),
})

/** What is added, removed and changed between the shown moment and another, whichever of them is the earlier. */
export const ledgerCompare = organizationProcedure('ledger:read')
  .input(input)
  .output(output)
  .query(async ({ ctx, input: { against } }) => {
    const other = await resolveAsOf(ctx, against)
    return readAsOf(ctx, async (transaction, asOf) => {
      const [before, after] = other.instant <= asOf.instant ? [other, asOf] : [asOf, other]
      const { access, services } = ctx
      const comparison = await compareMoments(services, transaction, access.organizationId, before, after)
      return {
        against: answeredAsOf(other),
        before: answeredAsOf(before),
        after: answeredAsOf(after),
        ...comparison,
      }
    })
  })
