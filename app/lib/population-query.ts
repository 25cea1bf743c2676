/** Which population, and which part of it in which order, as a page's address says it. */
export function populationQuery(request: Request, kind: string | undefined) {
  const { searchParams } = new URL(request.url)
  const source = searchParams.get('source')
  // What is no sort is taken for the usual one by the procedure.
  const sort = (searchParams.get('sort') ?? 'name') as 'name' | '-name' | 'login' | '-login'
  return {
    kind: kind ?? '',
    search: searchParams.get('search') ?? '',
    sort,
    ...(source ? { source } : {}),
  }
}
