import { z } from 'zod'
import { alertsFile } from '../../alerts/alerts-csv.ts'
import { showAlerts } from '../../alerts/show-alerts.ts'
import { periodStart } from '../../members/auditor-period.ts'
import { fileOutput } from '../file-output.ts'
import { readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

/** Alerts that were open and over as of a moment as a file to save; an auditor's begin with the period. */
export const alertsCsv = organizationProcedure('coverage:read')
  .input(z.strictObject({ ...organizationInput, ...asOfInput }))
  .output(fileOutput)
  .query(({ ctx }) =>
    readAsOf(ctx, async (transaction, asOf) => {
      const { organizationId } = ctx.access
      const from = (await periodStart(transaction, ctx.access))?.from ?? null
      const shown = await showAlerts(ctx.services, transaction, { organizationId, asOf, from })
      return alertsFile(ctx.access, asOf, shown)
    }),
  )
