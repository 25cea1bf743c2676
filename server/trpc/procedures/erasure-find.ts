import { z } from 'zod'
import { findPeople } from '../../retention/show-erasures.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'
import { populationInput } from './evidence-population.ts'

const output = z.strictObject({
  people: z.array(
    z.strictObject({
      subjectKey: z.guid(),
      name: z.string(),
      login: z.string().nullable(),
      /** Whether the directory lists the person still. */
      isListed: z.boolean(),
    }),
  ),
})

/** People of the directory by the beginning of a name, a sign-in name, or by key, to say who is to be erased. */
export const erasureFind = organizationProcedure('organization:manage')
  .input(z.strictObject({ ...organizationInput, search: populationInput.search }))
  .output(output)
  .query(({ ctx: { access, services }, input: { search } }) =>
    services.database.withOrganization(access.organizationId, async transaction => ({
      people: search === '' ? [] : await findPeople(transaction, access.organizationId, search),
    })),
  )
