/** What does not count for coverage at one position. */
export interface OutOfScope {
  readonly controls: ReadonlySet<string>
  readonly sources: ReadonlySet<string>
}

/** Out of rows that stand. */
export function scopeOf(rows: readonly { readonly what: string; readonly id: string }[]): OutOfScope {
  const ids = (what: string) => new Set(rows.filter(row => row.what === what).map(row => row.id))
  return { controls: ids('control'), sources: ids('source') }
}
