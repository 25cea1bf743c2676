import { clouds } from './clouds.ts'

/** The only way out of this connector: https to the login and Graph hosts of the known clouds. */
export interface Network {
  /**
   * Sends one request and reads its whole answer; redirects are not followed.
   * @throws {NetworkFailed} on a refused or broken connection and past the time limits; the signal's reason when aborted.
   */
  send(url: string, request: NetworkRequest): Promise<Response>
  /** Where a production address really goes: itself, or the same path on a loopback stand-in. */
  route(url: string): string
}

interface NetworkRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export interface NetworkOptions {
  /** Origins that stand in for every cloud's login and Graph host. */
  readonly loginOrigin?: string | undefined
  readonly graphOrigin?: string | undefined
  /** Milliseconds to the first byte, and again for the body. */
  readonly timeout?: number | undefined
}

/** No whole answer came. */
export class NetworkFailed extends Error {
  override readonly name = 'NetworkFailed'
}

const loginOrigins = new Set(clouds.map(cloud => cloud.loginOrigin))
const graphOrigins = new Set(clouds.map(cloud => cloud.graphOrigin))

export function createNetwork({ loginOrigin, graphOrigin, timeout = 30_000 }: NetworkOptions): Network {
  const route = (address: string): string => {
    const url = new URL(address)
    const standIn = standInFor(url.origin, loginOrigin, graphOrigin)
    return standIn === url.origin ? url.href : `${standIn}${url.pathname}${url.search}`
  }

  return {
    route,
    send: async (address, { method, headers, body, signal }) => {
      signal?.throwIfAborted()
      refuseWriting(address, method)
      const limit = startLimit(timeout, signal)
      try {
        const response = await fetch(route(address), {
          method,
          headers,
          redirect: 'manual',
          signal: limit.signal,
          ...(body === undefined ? {} : { body }),
        })
        limit.restart()
        return await buffered(response)
      } catch (error) {
        signal?.throwIfAborted()
        if (error instanceof RequestForbidden) throw error
        throw new NetworkFailed(limit.isOver() ? `no answer within ${timeout} ms` : describe(error), {
          cause: error,
        })
      } finally {
        limit.stop()
      }
    },
  }
}

/** To a host outside the table, or more than a read of Graph: a fault of ours or a hostile answer, never retried. */
class RequestForbidden extends Error {
  override readonly name = 'RequestForbidden'
}

/** The guard's second wall: whatever way a request came here, Graph is only read. */
function refuseWriting(address: string, method: string): void {
  if (method !== 'GET' && graphOrigins.has(new URL(address).origin))
    throw new RequestForbidden('Graph is only read')
}

function standInFor(origin: string, loginOrigin?: string, graphOrigin?: string): string {
  if (loginOrigins.has(origin)) return loginOrigin ?? origin
  if (graphOrigins.has(origin)) return graphOrigin ?? origin
  throw new RequestForbidden('not a Microsoft login or Graph host')
}

/** The answer with its body read, so that a connection that breaks half way fails here, where it can be retried. */
async function buffered(response: Response): Promise<Response> {
  const { status, headers } = response
  return new BufferedResponse(await response.text(), { status, headers })
}

/**
 * Holds the text itself: through the stream that a response wraps it in, parsing takes twice the time. It is handed out
 * once, as any body is: fetch has its answers remembered until a great collection, and the text of a page is a megabyte.
 */
class BufferedResponse extends Response {
  #text: string | null

  constructor(text: string, init: ResponseInit) {
    super(null, init)
    this.#text = text
  }

  override async text(): Promise<string> {
    if (this.#text === null) throw new TypeError('the body was read already')
    const text = this.#text
    this.#text = null
    return text
  }

  override async json(): Promise<unknown> {
    return JSON.parse(await this.text())
  }
}

function startLimit(milliseconds: number, outer: AbortSignal | undefined) {
  const controller = new AbortController()
  let over = false
  const expire = () => {
    over = true
    controller.abort()
  }
  const forward = () => controller.abort(outer?.reason)
  outer?.addEventListener('abort', forward, { once: true })
  let timer = setTimeout(expire, milliseconds)
  return {
    signal: controller.signal,
    isOver: () => over,
    restart: () => {
      clearTimeout(timer)
      timer = setTimeout(expire, milliseconds)
    },
    stop: () => {
      clearTimeout(timer)
      outer?.removeEventListener('abort', forward)
    },
  }
}

function describe(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'broken connection'
  return `the connection failed (${code})`
}
