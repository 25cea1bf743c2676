import { z } from 'zod'
import { adoptCatalogue } from '../../decisions/change-settings.ts'
import { organizationInput, organizationProcedure } from '../trpc.ts'

/** Lets the newest version of the control catalogue judge from here on. */
export const settingsAdoptCatalogue = organizationProcedure('organization:manage')
  .input(z.strictObject(organizationInput))
  .output(z.void())
  .mutation(({ ctx }) => adoptCatalogue(ctx.services, ctx.access))
