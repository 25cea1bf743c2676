import { Client, ResponseType } from '@microsoft/microsoft-graph-client'
import type { Clock } from '../../../clock.ts'
import type { RetryBudget } from '../backoff.ts'
import type { EntraLogger } from '../logger.ts'
import type { Network } from '../network.ts'
import type { AccessTokens } from '../oauth/access-tokens.ts'
import { authorizing } from './authorizing.ts'
import { guarding } from './guard.ts'
import type { Pace } from './pace.ts'
import { pacing } from './pacing.ts'
import { retrying } from './retrying.ts'
import { asMiddleware, type RequestTally, type Step, unwrapped } from './step.ts'

/** Reads Graph with one run's token, pace and retry budget. */
export interface GraphReader {
  readonly origin: string
  /**
   * GETs one address of this connection's Graph host, retries included. Any status but a retried one comes back as it is.
   * @throws {RequestRefused} unsent; {NetworkFailed} past the budget; {CredentialRefused}; {SourceUnavailable}.
   */
  get(url: string, options: GetOptions): Promise<Response>
}

interface GetOptions {
  readonly signal: AbortSignal
  readonly tally: RequestTally
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export interface GraphReaderOptions {
  readonly origin: string
  readonly tokens: AccessTokens
  readonly network: Network
  readonly clock: Clock
  readonly budget: RetryBudget
  readonly pace: Pace
  readonly logger?: EntraLogger | undefined
}

/** The library's client on our steps. Whatever is asked of it, only what the guard lets pass is sent. */
export function createGraphClient(options: GraphReaderOptions): Client {
  const { origin, tokens, network, clock, budget, pace, logger } = options
  return Client.initWithMiddleware({
    baseUrl: origin,
    defaultVersion: 'v1.0',
    middleware: asMiddleware([
      guarding(origin, logger),
      retrying(clock, budget),
      authorizing(tokens),
      pacing(clock, pace),
      sending(network),
    ]),
  })
}

export function createGraphReader(options: GraphReaderOptions): GraphReader {
  const client = createGraphClient(options)
  return {
    origin: options.origin,
    get: async (url, { signal, tally, headers }) => {
      try {
        // The library types every answer as `any`; asked for RAW it is the response that the last step gave.
        const response: Response = await client
          .api(url)
          .responseType(ResponseType.RAW)
          .headers({ accept: 'application/json', ...headers })
          .middlewareOptions([tally])
          .options({ signal })
          .get()
        return response
      } catch (error) {
        throw unwrapped(error)
      }
    },
  }
}

const sending =
  (network: Network): Step =>
  ({ url, method, headers, signal }) =>
    network.send(url.href, { method, headers, signal })
