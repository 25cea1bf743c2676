import { Column, is, type Query } from 'drizzle-orm'
import { QueryBuilder } from 'drizzle-orm/pg-core'
import type { Transaction } from './client.ts'

/** Puts selects together apart from any transaction, with the names that the product's tables have. */
export const composer = new QueryBuilder({ casing: 'snake_case' })

/** A select of columns and expressions, none inside another. */
interface FlatSelect<Row> {
  toSQL(): Query
  readonly _: { readonly selectedFields: object; readonly result: Row[] }
}

/**
 * Makes a select that is put together once and run in whatever transaction asks it: for what every request asks. Putting
 * one together takes the process longer than sending it.
 * @param select of {@link composer}, with `sql.placeholder` for what it is asked with; columns come decoded, expressions
 * as the driver hands them out
 */
export function composedOnce<Row>(
  select: FlatSelect<Row>,
): (transaction: Transaction, values: Readonly<Record<string, string>>) => Promise<Row[]> {
  const query = select.toSQL()
  const fields = Object.entries(select._.selectedFields).map(([name, field]) => ({
    name,
    decode: decoderOf(field),
  }))
  const rowOf = (values: readonly unknown[]) => {
    const row: Record<string, unknown> = {}
    for (const [index, { name, decode }] of fields.entries()) {
      const value = values[index]
      row[name] = value === null ? null : decode(value)
    }
    // What the builder says of its own fields.
    return row as Row
  }
  return (transaction, values) => {
    const { session } = transaction._
    const mapRows = (rows: unknown[][]) => rows.map(rowOf)
    return session.prepareQuery<Prepared<Row>>(query, undefined, 'composed', true, mapRows).execute(values)
  }
}

type Prepared<Row> = { execute: Row[]; all: unknown; values: unknown }

const decoderOf = (field: unknown): ((value: unknown) => unknown) =>
  is(field, Column) ? value => field.mapFromDriverValue(value) : value => value
