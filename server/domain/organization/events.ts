import { z } from 'zod'

export const organizationCreated = z.strictObject({
  name: z.string().min(1).max(120),
  slug: z.string(),
  /** Played on a moved clock: decided once, named wherever the organization is shown. */
  simulated: z.boolean(),
  catalogueVersion: z.int().positive(),
  /** What the organization's log is called on every checkpoint, for ever. Null where version 1 did not say it. */
  logOrigin: z.string().min(1).nullable(),
})

const organizationCreatedVersion1 = z.strictObject({
  name: z.string().min(1).max(120),
  slug: z.string(),
  simulated: z.boolean(),
  catalogueVersion: z.int().positive(),
})

/** Version 1 left the log's name to the moment of the first checkpoint. */
export const upcastOrganizationCreated1 = (payload: unknown): z.infer<typeof organizationCreated> => ({
  ...organizationCreatedVersion1.parse(payload),
  logOrigin: null,
})

/** From here on this version of the catalogue judges the organization. */
export const catalogueAdopted = z.strictObject({ version: z.int().positive() })
