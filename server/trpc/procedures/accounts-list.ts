import { z } from 'zod'
import { accountFilters, listAccounts } from '../../decisions/list-accounts.ts'
import { accountClasses } from '../../domain/account/class.ts'
import { cursorOf } from '../../evidence/queries/show-population.ts'
import { listOf } from '../coverage-schemas.ts'
import { sourceFields } from '../evidence-fields.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'
import { populationCursor, populationInput } from './evidence-population.ts'

const { source, search, sort } = populationInput

/** Which accounts, in which order. */
export const accountsInput = {
  ...organizationInput,
  ...asOfInput,
  source,
  search,
  sort,
  filter: z.enum(accountFilters).default('all').catch('all'),
}

const input = z.strictObject({ ...accountsInput, cursor: populationCursor })

export const accountFields = {
  subjectKey: z.guid(),
  name: z.string().nullable(),
  login: z.string().nullable(),
  isEnabled: z.boolean().nullable(),
  class: z.enum(accountClasses),
  classWords: z.string(),
  by: z.enum(['declaration', 'directory']),
  openSince: z.date().nullable(),
}

const output = z.strictObject({
  asOf: asOfOutput,
  /** Null where no directory is connected. */
  sourceId: z.uuid().nullable(),
  sources: listOf(z.strictObject(sourceFields)),
  accounts: listOf(
    z.strictObject({ ...accountFields, ownerName: z.string().nullable(), expiresAt: z.date().nullable() }),
  ),
  total: z.int(),
  previous: z.string().nullable(),
  next: z.string().nullable(),
})

/** The accounts of a directory with their classes. */
export const accountsList = organizationProcedure('evidence:read')
  .input(input)
  .output(output)
  .query(({ ctx, input }) =>
    readAsOf(ctx, async (transaction, asOf) => {
      const { source, search, sort, filter } = input
      const page = await listAccounts(ctx.services, transaction, ctx.access.organizationId, asOf, {
        source,
        search,
        sort,
        filter,
        cursor: cursorOf(input.cursor),
      })
      return {
        ...page,
        previous: page.previous && `before:${page.previous}`,
        next: page.next && `after:${page.next}`,
      }
    }),
  )
