import fc from 'fast-check'
import { z } from 'zod'

/**
 * Values of the kind that a schema takes, and just beside it: lengths and numbers at their bounds and one beyond, words
 * of its list in another case, ids, dates and addresses well formed.
 */
export function valuesNear(schema: unknown): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodString) return textsNear(schema.minLength ?? 0, schema.maxLength ?? 200)
  if (schema instanceof z.ZodNumber) return numbersNear(schema.minValue ?? 0, schema.maxValue ?? 1_000)
  if (schema instanceof z.ZodBoolean) return fc.boolean()
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options.flatMap(wordsNear))
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...[...schema.values].flatMap(wordsNear))
  if (schema instanceof z.ZodArray) return fc.array(valuesNear(schema.element), { maxLength: 4 })
  if (schema instanceof z.ZodObject) return fieldsNear(schema)
  if (schema instanceof z.ZodUnion) return fc.oneof(...schema.options.map(valuesNear))
  if (schema instanceof z.ZodPipe) return valuesNear(schema.in)
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  ) {
    return fc.oneof({ weight: 3, arbitrary: valuesNear(schema.unwrap()) }, fc.constantFrom(undefined, null))
  }
  return wellFormed
}

/** An object of a schema's fields, each near what it takes. */
export const fieldsNear = (schema: z.ZodObject): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(
    Object.fromEntries(Object.entries(schema.shape).map(([name, field]) => [name, valuesNear(field)])),
  )

const wellFormed = fc.oneof(
  fc.uuid(),
  fc.emailAddress(),
  fc.webUrl(),
  fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
    .map(date => date.toISOString()),
  fc.date({ noInvalidDate: true }).map(date => date.toISOString().slice(0, 10)),
  fc.nat().map(String),
)

const textsNear = (shortest: number, longest: number): fc.Arbitrary<string> =>
  fc.oneof(
    wellFormed,
    fc.string({ unit: 'grapheme', minLength: Math.min(shortest, 50), maxLength: Math.min(longest, 50) }),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      ...[shortest - 1, shortest, longest, longest + 1].filter(length => length >= 0).map(filler),
    ),
  )

const filler = (length: number) => 'a'.repeat(Math.min(length, 100_001))

const numbersNear = (least: number, most: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.constantFrom(least - 1, least, least + 0.5, most, most + 1, -0),
    fc.double(),
    fc.integer({ min: Math.max(-(2 ** 31), Math.ceil(least)), max: Math.min(2 ** 31 - 1, Math.floor(most)) }),
  )

const wordsNear = (word: unknown): unknown[] =>
  typeof word === 'string' ? [word, word, word, word.toUpperCase(), `${word} `] : [word]
