import { z } from 'zod'
import { evidenceKinds } from '../evidence/kinds.ts'

const assessmentId = z.uuid()
const hash = z.string().regex(/^[0-9a-f]{64}$/)

const period = { periodFrom: z.iso.datetime(), periodTo: z.iso.datetime() }

/** What the organization calls it: shown on pages and in archives as it is. */
export const assessmentName = z.string().min(1).max(120)

export const assessmentOpened = z.strictObject({
  assessmentId,
  name: assessmentName,
  ...period,
  /** The controls in scope, of this version of the catalogue. */
  controls: z.array(z.string()).min(1),
  catalogueVersion: z.int().positive(),
})

export const assessmentRenamed = z.strictObject({ assessmentId, name: assessmentName })

export const assessmentPeriodChanged = z.strictObject({ assessmentId, ...period })

/** An evidence row as it was in force at a moment of the period: one row may be attached for several moments. */
export const assessmentEvidenceAttached = z.strictObject({
  assessmentId,
  attachmentId: z.uuid(),
  evidenceId: z.uuid(),
  sourceId: z.uuid(),
  kind: z.enum(evidenceKinds),
  fingerprint: hash,
  itemCount: z.int().nonnegative(),
  /** The moment as the pair of both. */
  instant: z.iso.datetime(),
  position: z.int().nonnegative(),
})

export const assessmentEvidenceDetached = z.strictObject({
  assessmentId,
  attachmentId: z.uuid(),
  evidenceId: z.uuid(),
  reason: z.string().min(1),
})

export const assessmentSubmitted = z.strictObject({
  assessmentId,
  submittedBy: z.uuid(),
  /** How many attachments it had. */
  attachments: z.int().positive(),
})

export const assessmentSentBack = z.strictObject({
  assessmentId,
  sentBackBy: z.uuid(),
  reason: z.string().min(1),
})

/**
 * The last event of its stream: from here on the database refuses any other, and no content of the attached evidence is
 * removed.
 */
export const assessmentApproved = z.strictObject({
  assessmentId,
  approvedBy: z.uuid(),
  /** The signed checkpoint that covers everything that was approved. */
  checkpoint: z.strictObject({ size: z.int().positive(), root: hash }),
  attachments: z.int().positive(),
  /** Items of the attached populations whose contents are held for good, and such whose contents were gone before. */
  itemsSealed: z.int().nonnegative(),
  itemsGone: z.int().nonnegative(),
})

/** A sample of the population that a control looks at: the drawn subjects follow from what is here and the evidence. */
export const sampleDrawn = z.strictObject({
  sampleId: z.uuid(),
  assessmentId,
  controlId: z.string(),
  attachmentId: z.uuid(),
  evidenceId: z.uuid(),
  sourceId: z.uuid(),
  kind: z.enum(evidenceKinds),
  /** The evidence's fingerprint: the root over all of its items. */
  fingerprint: hash,
  instant: z.iso.datetime(),
  position: z.int().nonnegative(),
  /** Those in the control's population: how many, and the RFC 6962 root over their subject keys in ascending order. */
  population: z.strictObject({ count: z.int().nonnegative(), root: hash }),
  size: z.int().positive(),
  seed: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  /** The version of the way of drawing (docs/samples.md). */
  algorithm: z.int().positive(),
})

/** A control's population of an attachment was taken along as a file: by the event's actor. */
export const populationDownloaded = z.strictObject({
  assessmentId,
  controlId: z.string(),
  attachmentId: z.uuid(),
  evidenceId: z.uuid(),
  /** Of a sample's file; null for the whole population. */
  sampleId: z.uuid().nullable(),
})

/** An auditor opened something: the event's actor. Told once an hour for each subject. */
export const auditorViewed = z.strictObject({
  userId: z.uuid(),
  /** The procedure that answered. */
  what: z.string(),
  /** What it was about: an id, a kind of evidence or a control; null for a page that is about everything. */
  subject: z.string().nullable(),
  /** The position that the answer was as of; null where it was as of none. */
  position: z.int().nullable(),
})
