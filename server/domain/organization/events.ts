import { z } from 'zod'

export const organizationCreated = z.strictObject({
  name: z.string().min(1).max(120),
  slug: z.string(),
  /** Played on a moved clock: decided once, named wherever the organization is shown. */
  simulated: z.boolean(),
  catalogueVersion: z.int().positive(),
})

/** From here on this version of the catalogue judges the organization. */
export const catalogueAdopted = z.strictObject({ version: z.int().positive() })
