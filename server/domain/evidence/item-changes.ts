/** One field that differs between two states of an item; null where it was or is absent. */
export interface FieldChange {
  field: string
  before: string | null
  after: string | null
}

/** What differs between two canonical items, field by field; nested fields by their path. Sorted by field. */
export function itemChanges(before: unknown, after: unknown): FieldChange[] {
  const old = flatten(before)
  const current = flatten(after)
  const fields = [...new Set([...old.keys(), ...current.keys()])].sort()
  return fields.flatMap(field => {
    const one = old.get(field) ?? null
    const other = current.get(field) ?? null
    return one === other ? [] : [{ field, before: one, after: other }]
  })
}

/** Values by path. A list is one value: its order and its length are part of it. */
function flatten(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return new Map([[path, said(value)]])
  const entries = Object.entries(value).flatMap(([key, nested]) => [
    ...flatten(nested, path === '' ? key : `${path}.${key}`),
  ])
  return new Map(entries)
}

function said(value: unknown): string {
  if (value === null || value === undefined) return 'not said'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(each => said(each)).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
