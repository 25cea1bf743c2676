import { z } from 'zod'
import { eventTypes, isEventType, streamTypes } from '../domain/events.ts'
import { notFound } from '../errors.ts'

/** What answers about events have in common. */

export const actorOutput = z.strictObject({ id: z.string(), name: z.string(), isPerson: z.boolean() })

const eventType = z.string().refine(isEventType)

export const eventOutput = z.strictObject({
  position: z.int(),
  recordedAt: z.date(),
  type: eventType,
  typeWords: z.string(),
  streamType: z.enum(streamTypes),
  streamId: z.uuid(),
  streamVersion: z.int(),
  words: z.string(),
  actor: actorOutput,
  aboutName: z.string().nullable(),
  evidenceId: z.uuid().nullable(),
  leafHash: z.string(),
  payload: z.string(),
  asOfText: z.string(),
})

/** A position as an address names it: what is no number is not found, like one that does not exist. */
export const positionField = z.union([z.string(), z.number()]).transform(value => {
  if (!/^\d{1,15}$/.test(String(value))) throw notFound('event')
  return Number(value)
})

/** The size of a checkpoint as an address names it. */
export const checkpointSizeField = z.union([z.string(), z.number()]).transform(value => {
  if (!/^\d{1,15}$/.test(String(value))) throw notFound('checkpoint')
  return Number(value)
})

const hashOutput = z.string().regex(/^[0-9a-f]{64}$/)

export const inclusionOutput = {
  position: z.int(),
  envelope: z.string(),
  leafHash: hashOutput,
  proof: z
    .strictObject({
      size: z.int(),
      root: hashOutput,
      signedAt: z.date(),
      isSimulated: z.boolean(),
      hashes: z.array(hashOutput),
      note: z.string(),
      verifierKey: z.string().nullable(),
      text: z.string().nullable(),
      holds: z.boolean(),
    })
    .nullable(),
}

/** An empty field of a filter form is no filter. */
const emptyIsAbsent = <T extends z.ZodType>(schema: T) =>
  z.preprocess(value => (value === '' ? undefined : value), schema.optional())

export const eventFilterFields = {
  streamType: emptyIsAbsent(z.enum(streamTypes, 'Choose a stream.')),
  streamId: emptyIsAbsent(z.uuid('Give a stream’s whole id.')),
  type: emptyIsAbsent(
    z.string().transform((text, context) => {
      const type = eventTypes.find(known => known === text)
      if (type) return type
      context.addIssue({ code: 'custom', message: 'Choose a type of event.' })
      return z.NEVER
    }),
  ),
  actor: emptyIsAbsent(
    z
      .string()
      .max(120)
      .regex(/^[a-z]+:[A-Za-z0-9._-]+$/, 'Choose who acted.'),
  ),
}
