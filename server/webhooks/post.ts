import { type LookupAddress, lookup } from 'node:dns'
import { request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Secret } from '../vault/secret.ts'
import { signatureHeaders } from './sign.ts'
import { isAllowedAddress, literalAddress, type TargetRules } from './target.ts'

/** A message to post. The same id is sent with every attempt, so that a receiver can tell a repetition. */
export interface WebhookMessage {
  id: string
  at: Date
  /** JSON. */
  body: string
}

/** What came of one attempt. `isFinal`: trying again would change nothing. */
export type PostOutcome =
  | { isDelivered: true; status: number }
  | { isDelivered: false; status: number | null; isFinal: boolean; explanation: string }

export type PostWebhook = (
  target: { url: URL; secret: Secret },
  message: WebhookMessage,
  signal?: AbortSignal,
) => Promise<PostOutcome>

const patience = 10_000

/**
 * Makes the function that posts signed messages. The name is resolved once an attempt, every address it leads to is
 * checked, and the connection goes to a checked one: a name that leads elsewhere a moment later leads nowhere.
 * Redirects are not followed, the answer's body is not read, nothing is kept open.
 */
export function createPostWebhook(rules: TargetRules, resolve: Resolve = lookup): PostWebhook {
  const checked = checkedLookup(rules, resolve)
  return ({ url, secret }, message, signal) =>
    new Promise(answer => {
      const literal = literalAddress(url)
      if (literal !== null && !isAllowedAddress(literal, rules)) return answer(refused())
      const timeout = AbortSignal.timeout(patience)
      const send = url.protocol === 'https:' ? requestSecure : requestPlain
      const request = send(url, {
        method: 'POST',
        agent: false,
        lookup: checked,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(message.body),
          'user-agent': 'Attestry-Webhook/1',
          ...signatureHeaders(secret, message),
        },
      })
      request.once('response', response => {
        response.on('error', ignore).destroy()
        answer(outcomeOf(response.statusCode ?? 0))
      })
      request.on('error', error => {
        if (signal?.aborted) return answer(failed('This process was shut down meanwhile.'))
        answer(
          timeout.aborted ? failed('The receiver did not answer within 10 seconds.') : unreachable(error),
        )
      })
      request.end(message.body)
    })
}

/** What looks a host's addresses up: the system's own way, as every other connection does. */
type Resolve = (
  hostname: string,
  options: { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

class AddressRefused extends Error {}

function checkedLookup(rules: TargetRules, resolve: Resolve): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0)
      // One bad address is enough: which of several is taken must not be left to chance.
      if (addresses.length === 0 || addresses.some(({ address }) => !isAllowedAddress(address, rules))) {
        return done(new AddressRefused(hostname), '', 0)
      }
      if (options.all) return done(null, addresses)
      const [first] = addresses
      done(null, first?.address ?? '', first?.family ?? 0)
    })
  }
}

function outcomeOf(status: number): PostOutcome {
  if (status >= 200 && status < 300) return { isDelivered: true, status }
  if (status >= 300 && status < 400)
    return failed('The receiver redirects elsewhere. Redirects are not followed: enter the final address.', {
      status,
      isFinal: true,
    })
  if (status === 410) return failed('The receiver says that it is gone for good.', { status, isFinal: true })
  return failed(`The receiver answered with status ${status}.`, { status })
}

function unreachable(error: NodeJS.ErrnoException): PostOutcome {
  if (error instanceof AddressRefused) return refused()
  if (error.code === 'ENOTFOUND') return failed('The host name is not known.')
  if (error.code === 'ECONNREFUSED') return failed('Nothing listens at the address.')
  if (error.code && /CERT|SIGNATURE|ISSUER|ALTNAME/.test(error.code))
    return failed('The receiver’s certificate is not valid for its name.')
  return failed('The connection broke off.')
}

/** The answer has been taken by then. */
const ignore = () => undefined

const refused = () =>
  failed('The host leads to a private, local or reserved address. Nothing was sent.', { isFinal: true })

const failed = (explanation: string, known: { status?: number; isFinal?: boolean } = {}): PostOutcome => ({
  isDelivered: false,
  status: known.status ?? null,
  isFinal: known.isFinal ?? false,
  explanation,
})
