import { z } from 'zod'
import { thresholdIds } from '../control/definition.ts'
import { reasonText } from '../decision-text.ts'
import { retentionYears } from '../retention/window.ts'

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

/** From here on a rule takes this number. */
export const thresholdChanged = z.strictObject({ thresholdId: z.enum(thresholdIds), value: z.int() })

const controlScope = { controlId: z.string(), reason: reasonText }
export const controlTakenOutOfScope = z.strictObject(controlScope)
export const controlTakenIntoScope = z.strictObject(controlScope)

/** A source is one directory of the organization, over all connections to it. */
const sourceScope = { sourceId: z.uuid(), reason: reasonText }
export const sourceTakenOutOfScope = z.strictObject(sourceScope)
export const sourceTakenIntoScope = z.strictObject(sourceScope)

/** An owner wants the organization gone: after this instant, unless it is taken back before. */
export const organizationDeletionRequested = z.strictObject({ deletesAt: z.iso.datetime() })
export const organizationDeletionCancelled = z.strictObject({})

/** The organization is gone: nobody has access, nothing is collected. What stays is this log, and what seals hold. */
export const organizationDeleted = z.strictObject({
  /** Item bodies that approved assessments hold: how many, and which assessments. */
  kept: z.strictObject({ count: z.int().nonnegative(), assessments: z.array(z.uuid()) }),
})

/** How long the content of items is kept from here on, counted from the end of their last membership. */
export const retentionChanged = z.strictObject({
  years: z.int().min(retentionYears.least).max(retentionYears.most),
  /** Given where the window is longer than the usual; names nobody. */
  reason: reasonText.nullable(),
})

/** From here on owners and admins get in with a second factor only. */
export const secondFactorRequired = z.strictObject({})
export const secondFactorMadeOptional = z.strictObject({})
