/** The SQLSTATE of a driver error, also where the query builder wrapped it. */
export function sqlState(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null
  if ('code' in error && typeof error.code === 'string' && error.code.length === 5) return error.code
  return 'cause' in error ? sqlState(error.cause) : null
}
