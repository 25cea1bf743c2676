import { z } from 'zod'
import { malformed } from '../graph/failures.ts'

/** Border schemas: what is used is checked, nulls and absences are expected, unknown fields are dropped. */
export const optionalText = z.string().nullish()
export const optionalFlag = z.boolean().nullish()
export const optionalList = z.array(z.string()).nullish()
export const idText = z.string().min(1)

/**
 * An instant as the source sent it. Graph says "never" in three ways: absent, an empty string, and the year 1.
 */
export const instantOf = (value: string | null | undefined): string | null =>
  !value || value.startsWith('0001-01-01') ? null : value

/** Order carries no meaning in Graph's lists and may differ from answer to answer. */
export const sorted = (values: readonly string[] | null | undefined): string[] =>
  [...new Set(values ?? [])].sort()

/** Flags as one comma-separated string. */
export const flags = (value: string | null | undefined): string[] =>
  sorted(
    (value ?? '')
      .split(',')
      .map(flag => flag.trim())
      .filter(flag => flag !== ''),
  )

/**
 * The rows, each in the expected shape.
 * @throws {EvidenceReadFailed} naming the field, never its value.
 */
export function checkRows<Row>(schema: z.ZodType<Row>, rows: readonly unknown[], subject: string): Row[] {
  return rows.map(row => {
    const checked = schema.safeParse(row)
    if (checked.success) return checked.data
    const where = checked.error.issues[0]?.path.join('.') || 'a row'
    throw malformed(`Microsoft Graph sent ${subject} in an unexpected shape (${where}).`)
  })
}
