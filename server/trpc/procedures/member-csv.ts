import { z } from 'zod'
import { listMembers } from '../../members/list-members.ts'
import { membersFile } from '../../members/members-csv.ts'
import { fileOutput } from '../file-output.ts'
import { answeredAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

/** Who is or was a member as a file to save. */
export const memberCsv = organizationProcedure('members:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(fileOutput)
  .query(async ({ ctx }) => {
    const { asOf, members } = await listMembers(ctx.services, ctx.access, ctx.asOf)
    return { asOf: answeredAsOf(asOf), ...membersFile(ctx.access, asOf, members) }
  })
