import { z } from 'zod'
import { accountsFile } from '../../decisions/accounts-csv.ts'
import { fileOutput } from '../file-output.ts'
import { readAsOf } from '../read-as-of.ts'
import { organizationProcedure } from '../trpc.ts'
import { accountsInput } from './accounts-list.ts'

/** The accounts of a directory as a file to save. */
export const accountsCsv = organizationProcedure('evidence:read')
  .input(z.strictObject(accountsInput))
  .output(fileOutput)
  .query(({ ctx, input: { source, search, sort, filter } }) =>
    readAsOf(ctx, (transaction, asOf) =>
      accountsFile(ctx.services, transaction, ctx.access, asOf, { source, search, sort, filter }),
    ),
  )
