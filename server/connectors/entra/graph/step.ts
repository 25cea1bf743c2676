import { type Context, GraphClientError, type Middleware } from '@microsoft/microsoft-graph-client'

/** One request on its way through the steps. */
export interface Exchange {
  readonly url: URL
  readonly method: string
  readonly headers: Record<string, string>
  readonly signal: AbortSignal
  readonly tally: RequestTally
}

/** Counts over the requests of one read. */
export class RequestTally {
  retries = 0
  /** Milliseconds that requests waited for room under the limits, before they were sent. */
  heldBack = 0
}

/** A part of the transport; `next` may be called again for another attempt. */
export type Step = (exchange: Exchange, next: () => Promise<Response>) => Promise<Response>

/**
 * The steps, outermost first, as the single middleware that the Graph client runs.
 * The client turns foreign errors into its own and loses their type; {@link unwrapped} brings them back.
 */
export const asMiddleware = (steps: readonly Step[]): Middleware => ({
  execute: async context => {
    const exchange = exchangeOf(context)
    const run = (index: number): Promise<Response> => {
      const step = steps[index]
      if (!step) throw new Error('the last step must answer')
      return step(exchange, () => run(index + 1))
    }
    try {
      context.response = await run(0)
    } catch (error) {
      throw wrapped(error)
    }
  },
})

/** The error as a step threw it. */
export const unwrapped = (error: unknown): unknown =>
  error instanceof GraphClientError && error.customError ? error.customError : error

function wrapped(error: unknown): GraphClientError {
  const carrier = new GraphClientError('a transport step failed')
  carrier.customError = error
  return carrier
}

const exchangeOf = ({ request, options, middlewareControl }: Context): Exchange => ({
  url: new URL(typeof request === 'string' ? request : request.url),
  method: options?.method ?? 'GET',
  headers: Object.fromEntries(new Headers(options?.headers)),
  signal: options?.signal ?? new AbortController().signal,
  tally: tallyIn(middlewareControl?.getMiddlewareOptions(RequestTally)),
})

const tallyIn = (option: unknown): RequestTally =>
  option instanceof RequestTally ? option : new RequestTally()
