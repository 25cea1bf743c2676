import type { z } from 'zod'

type Json = z.core.util.JSONType

/** What a shape is known to hold: `true` for a field that is read, an object for one that is looked into. */
export interface KnownFields {
  readonly [name: string]: true | KnownFields
}

/**
 * Dotted names of fields that carry something and are not known, sorted. OData annotations do not count, and neither
 * do null and empty values, which is how Graph sends a condition that is not used.
 */
export const unknownConditions = (sent: object, known: KnownFields): string[] =>
  Object.entries(sent)
    .flatMap(([name, value]) => {
      if (name.includes('@') || isEmpty(value)) return []
      const knowledge = known[name]
      if (knowledge === undefined) return [name]
      if (knowledge === true || typeof value !== 'object' || value === null) return []
      return unknownConditions(value, knowledge).map(inner => `${name}.${inner}`)
    })
    .sort()

/** A JSON value without OData annotations at any depth. */
export function withoutAnnotations(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutAnnotations)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.includes('@'))
      .map(([name, inner]) => [name, withoutAnnotations(inner)]),
  )
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return (
    typeof value === 'object' &&
    Object.entries(value).every(([name, inner]) => name.includes('@') || isEmpty(inner))
  )
}
