import { wordsForCode } from './words.ts'

/** What the login host said to a token or authorize request that failed: protocol fields only, no token, no secret. */
export interface LoginError {
  /** Null where no answer came at all. */
  readonly status: number | null
  /** OAuth `error`; null where the answer was not JSON. */
  readonly error: string | null
  readonly suberror: string | null
  /** The AADSTS number, for words only. */
  readonly code: string | null
  readonly correlationId: string | null
  /** Milliseconds that the answer asks to wait. */
  readonly retryAfter: number | null
}

/** The login host could not be asked, or has said nothing yet. */
export const noAnswer: LoginError = {
  status: null,
  error: null,
  suberror: null,
  code: null,
  correlationId: null,
  retryAfter: null,
}

type LoginVerdict = 'reauthorize' | 'fix_application' | 'transient'

/**
 * What a failed refresh means. Decided on status, `error` and `suberror`, since Microsoft says that numbers and texts
 * may change. Expired and revoked refresh tokens come as a plain `invalid_grant`.
 */
export function judge(login: LoginError): LoginVerdict {
  const { error, suberror } = login
  if (error === null || isPassing(login)) return 'transient'
  if (applicationErrors.has(error)) return 'fix_application'
  return personErrors.has(error) || suberror !== null ? 'reauthorize' : 'transient'
}

/** The login host itself could not do its work: nothing is said about the credential. */
export const isPassing = ({ status, error }: LoginError): boolean =>
  status === null || status === 429 || status >= 500 || error === null || passingErrors.has(error)

const passingErrors = new Set(['server_error', 'temporarily_unavailable'])

const applicationErrors = new Set([
  'invalid_client',
  'unauthorized_client',
  'invalid_request',
  'invalid_scope',
  'invalid_resource',
])
const personErrors = new Set([
  'invalid_grant',
  'interaction_required',
  'consent_required',
  'login_required',
  'access_denied',
])

/** The number out of `AADSTS50011: …`. */
export const codeIn = (description: string | null): string | null =>
  /AADSTS(\d{4,8})\b/.exec(description ?? '')?.[1] ?? null

/** `AADSTS7000222`, as people search for it. */
export const shownCode = (code: string | null): string | null => (code === null ? null : `AADSTS${code}`)

/** A stable word for why a stored credential stopped working. */
export const causeWord = (login: LoginError): string =>
  wordsForCode(login.code)?.cause ?? login.suberror ?? login.error ?? 'refused'
