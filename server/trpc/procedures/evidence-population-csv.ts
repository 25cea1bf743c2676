import { z } from 'zod'
import { populationFile } from '../../evidence/queries/population-csv.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'
import { populationInput } from './evidence-population.ts'

const output = z.strictObject({
  asOf: asOfOutput,
  /** Letters, digits, dots and hyphens only: it goes into a header. */
  filename: z.string().regex(/^[\w.-]+$/),
  /** The file piece by piece. Over HTTP as JSON it says nothing: the download is a page's. */
  pieces: z.custom<AsyncIterable<string>>(),
})

/** A whole population as a file to save. */
export const evidencePopulationCsv = organizationProcedure('evidence:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput, ...populationInput }))
  .output(output)
  .query(({ ctx, input }) =>
    readAsOf(ctx, (transaction, asOf) => populationFile(ctx.services, transaction, ctx.access, asOf, input)),
  )
