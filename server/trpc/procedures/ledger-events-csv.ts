import { z } from 'zod'
import { eventsFile } from '../../audit/events-csv.ts'
import { fileOutput } from '../file-output.ts'
import { readAsOf } from '../read-as-of.ts'
import { organizationProcedure } from '../trpc.ts'
import { eventsInput } from './ledger-events.ts'

/** The audit trail as a file to save, by the same filters as its page. */
export const ledgerEventsCsv = organizationProcedure('ledger:read')
  .input(z.strictObject(eventsInput))
  .output(fileOutput)
  .query(({ ctx, input: { streamType, streamId, type, actor, from, to } }) =>
    readAsOf(ctx, (_, asOf) =>
      eventsFile(ctx.services, ctx.access, asOf, { streamType, streamId, type, actor, from, to }),
    ),
  )
