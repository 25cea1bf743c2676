import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { parseAnswer } from './answer-text.ts'
import type { GraphReader } from './client.ts'
import { failureFrom, failureOf, malformed, type ReadNeeds } from './failures.ts'
import type { RequestTally } from './step.ts'

export interface PageRequest {
  readonly graph: GraphReader
  readonly needs: ReadNeeds
  readonly signal: AbortSignal
  readonly tally: RequestTally
  /** Told of every answer that counts, as it arrives. */
  readonly onAnswer: (response: Response) => void
  readonly maxPages?: number | undefined
}

/** A page beyond this many means that the source goes round in circles: 1,000,000 users make about 1,000. */
const mostPages = 20_000

/**
 * Follows a collection from its first address to its last page. The next page is fetched while this one is worked on.
 * @throws {EvidenceReadFailed} on any answer that could make a snapshot shorter than it is.
 */
export async function* readPages(first: string, request: PageRequest): AsyncGenerator<unknown[], void> {
  const stop = new AbortController()
  // One for all pages: the signals that it is made of remember each that was made of them.
  const stoppable = { ...request, signal: AbortSignal.any([request.signal, stop.signal]) }
  const fetchPage = (url: string) => {
    const page = readPage(url, stoppable)
    // Looked at when its turn comes; a consumer that left early does not want to hear of it.
    page.catch(() => {})
    return page
  }
  const follow = nextLinks(first, request)
  try {
    let pending: Promise<Page> | null = fetchPage(first)
    while (pending) {
      const page: Page = await pending
      const next = follow(page.nextLink)
      pending = next === null ? null : fetchPage(next)
      // Whoever works on the rows leaves the process no time in between: the request would go out after that.
      await nextTurn()
      yield page.rows
    }
  } finally {
    stop.abort()
  }
}

/** One object that is no collection. */
export const readObject = async (url: string, request: PageRequest): Promise<unknown> =>
  readJson(url, request)

/** A count as Graph's `/$count` gives it: plain text, only with `ConsistencyLevel: eventual`. */
export async function readCount(url: string, request: PageRequest): Promise<number> {
  const response = await fetchAnswer(url, request, { ConsistencyLevel: 'eventual', accept: 'text/plain' })
  const text = (await response.text()).trim()
  if (!/^\d{1,9}$/.test(text))
    throw malformed(`Microsoft Graph gave no number when asked to count ${request.needs.subject}.`)
  return Number(text)
}

interface Page {
  readonly rows: unknown[]
  readonly nextLink: string | null
}

const pageSchema = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().nullish() })

async function readPage(url: string, request: PageRequest): Promise<Page> {
  const page = pageSchema.safeParse(await readJson(url, request))
  if (!page.success) throw malformed(`A page of ${request.needs.subject} came without its list of rows.`)
  return { rows: page.data.value, nextLink: page.data['@odata.nextLink'] ?? null }
}

async function readJson(url: string, request: PageRequest): Promise<unknown> {
  const response = await fetchAnswer(url, request, {})
  if (!/^application\/([\w.-]+\+)?json\b/i.test(response.headers.get('content-type') ?? '')) {
    throw malformed(`Something other than data came back when ${request.needs.subject} was read.`)
  }
  try {
    return parseAnswer(await response.text())
  } catch (error) {
    throw malformed(`The answer broke off in the middle of ${request.needs.subject}.`, error)
  }
}

async function fetchAnswer(
  url: string,
  { graph, needs, signal, tally, onAnswer }: PageRequest,
  headers: Record<string, string>,
): Promise<Response> {
  const response = await graph.get(url, { signal, tally, headers }).catch((error: unknown) => {
    throw failureFrom(error, needs)
  })
  if (response.status !== 200) throw await failureOf(response, needs)
  onAnswer(response)
  return response
}

/** Checks every link before it is followed: same host, same collection, not seen before, not too many. */
function nextLinks(first: string, { needs, maxPages = mostPages }: PageRequest) {
  const start = new URL(first)
  const seen = new Set([digest(first)])
  return (link: string | null): string | null => {
    if (link === null) return null
    const url = URL.parse(link)
    if (!url || url.origin !== start.origin || url.pathname.toLowerCase() !== start.pathname.toLowerCase()) {
      throw malformed(
        `Microsoft Graph pointed to an address that is not part of ${needs.subject}; it was not followed.`,
      )
    }
    const mark = digest(link)
    if (seen.has(mark)) throw malformed(`The pages of ${needs.subject} go round in a circle.`)
    if (seen.size >= maxPages) throw malformed(`${needs.subject} did not end after ${maxPages} pages.`)
    seen.add(mark)
    return link
  }
}

/** Page tokens may be kilobytes long, and must not be kept. */
const digest = (link: string): string => createHash('sha256').update(link).digest('base64')
