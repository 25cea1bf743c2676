import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node'
import { z } from 'zod'
import type { Network } from '../network.ts'
import { retryAfter } from '../retry-after.ts'
import { codeIn, type LoginError, noAnswer } from './token-answer.ts'

/** The network that one token operation runs on; `failure` keeps what MSAL hides: status, Retry-After, the error as sent. */
interface LoginNetwork {
  readonly module: INetworkModule
  failure(): LoginError | null
}

export function createLoginNetwork(network: Network, signal?: AbortSignal): LoginNetwork {
  let failure: LoginError | null = null

  const send = async (method: string, url: string, options?: NetworkRequestOptions) => {
    failure = noAnswer
    const response = await network.send(url, {
      method,
      headers: options?.headers ?? {},
      body: method === 'POST' ? options?.body : undefined,
      signal,
    })
    failure = { ...noAnswer, status: response.status, retryAfter: retryAfter(response.headers, new Date()) }
    const body = answerSchema.parse(await response.json())
    if (response.ok && body.error === undefined) failure = null
    else {
      failure = {
        ...failure,
        error: body.error ?? null,
        suberror: body.suberror ?? null,
        code: body.error_codes?.[0]?.toString() ?? codeIn(body.error_description ?? null),
        correlationId: body.correlation_id ?? null,
      }
      if (response.status === 429 || response.status >= 500)
        throw new Error('the login host is not available')
    }
    return { status: response.status, headers: Object.fromEntries(response.headers), body }
  }

  return {
    failure: () => failure,
    module: {
      // MSAL names the answer's type by itself and reads only protocol fields out of it.
      sendGetRequestAsync: async <T>(url: string, options?: NetworkRequestOptions) =>
        (await send('GET', url, options)) as NetworkResponse<T>,
      sendPostRequestAsync: async <T>(url: string, options?: NetworkRequestOptions) =>
        (await send('POST', url, options)) as NetworkResponse<T>,
    },
  }
}

/** RFC 6749 section 5.2 with Entra's own fields; everything else passes through to MSAL untouched. */
const answerSchema = z.looseObject({
  error: z.string().optional(),
  suberror: z.string().optional(),
  error_description: z.string().optional(),
  error_codes: z.array(z.union([z.number(), z.string()])).optional(),
  correlation_id: z.string().optional(),
})
