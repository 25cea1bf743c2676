import { z } from 'zod'
import { assessmentStatuses } from '../assessments/visible-assessments.ts'
import { evidenceKinds } from '../domain/evidence/kinds.ts'

/** What procedures about assessments have in common. */

export const assessmentNameField = z
  .string()
  .trim()
  .min(1, 'Give the assessment a name.')
  .max(120, 'Use at most 120 characters.')
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'Use letters, digits and punctuation on one line.')

/** Days in UTC as a form sends them; the last one counts whole. */
export const periodFields = { periodFrom: z.string().max(10), periodTo: z.string().max(10) }

export const reasonField = z
  .string()
  .trim()
  .min(1, 'Say why: it is kept with the assessment.')
  .max(500, 'Use at most 500 characters.')
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Use letters, digits and punctuation on one line.')

export const controlIdField = z.string().max(20)

export const instantsField = z.array(z.string().max(40)).max(60, 'Choose at most 60 instants.')

export const statusOutput = z.enum(assessmentStatuses)

export const attachmentOutput = z.strictObject({
  attachmentId: z.uuid(),
  evidenceId: z.uuid(),
  sourceId: z.uuid(),
  source: z.string(),
  kind: z.enum(evidenceKinds),
  fingerprint: z.string(),
  itemCount: z.int(),
  instant: z.date(),
  position: z.int(),
  attachedPosition: z.int(),
  asOfText: z.string(),
})

export const sampleOutput = z.strictObject({
  sampleId: z.uuid(),
  controlId: z.string(),
  attachmentId: z.uuid(),
  populationCount: z.int(),
  populationRoot: z.string(),
  size: z.int(),
  seed: z.string(),
  algorithm: z.int(),
  drawnAt: z.date(),
  drawnAtPosition: z.int(),
  drawnBy: z.string(),
})

export const attachOutput = z.strictObject({
  attached: z.int(),
  missing: z.array(z.strictObject({ instant: z.date(), kind: z.string(), title: z.string() })),
})

/** A file piece by piece. Over HTTP as JSON it says nothing: the download is a page's. */
export const fileOutput = z.strictObject({
  /** Letters, digits, dots and hyphens only: it goes into a header. */
  filename: z.string().regex(/^[\w.-]+$/),
  pieces: z.custom<AsyncIterable<string>>(),
})
