/** Which events a page's address asks for. */
export function eventQuery(request: Request) {
  const { searchParams } = new URL(request.url)
  const before = searchParams.get('before')
  const filters = Object.fromEntries([...searchParams].filter(([name]) => FILTERS.includes(name)))
  return { ...filters, ...(before ? { before } : {}) }
}

const FILTERS = ['streamType', 'streamId', 'type', 'actor', 'from', 'to']
