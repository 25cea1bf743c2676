import { z } from 'zod'
import { EvidenceReadFailed } from '../../contract.ts'
import { NetworkFailed } from '../network.ts'
import { RequestRefused } from './guard.ts'

/** What is needed to tell the reasons of a refusal apart and to say it to people. */
export interface ReadNeeds {
  /** What is read, in words: "the list of users". */
  readonly subject: string
  /** Every permission that the request needs. */
  readonly scopes: readonly string[]
  /** The plan without which it does not come, in words; null where every directory has it. */
  readonly licence: string | null
  readonly granted: readonly string[]
}

/** Reads Graph's error answer. */
export async function failureOf(response: Response, needs: ReadNeeds): Promise<EvidenceReadFailed> {
  const { code, message, requestId } = await readError(response)
  const more = { status: response.status, code, requestId }
  if (response.status === 429) return throttled(needs, more)
  if (response.status === 403 || isLicenceCode(code)) return forbidden(needs, code, message, more)
  return new EvidenceReadFailed('unavailable', words(response.status, needs.subject), more)
}

/** An error thrown on the way, as the failure of this kind; others (credential, abort, faults of ours) stay what they are. */
export function failureFrom(error: unknown, { subject }: ReadNeeds): unknown {
  if (error instanceof NetworkFailed) {
    return new EvidenceReadFailed(
      'unavailable',
      `Microsoft Graph did not answer completely when ${subject} was read. The next run tries again.`,
      { cause: error },
    )
  }
  if (error instanceof RequestRefused) {
    return malformed(
      `Microsoft Graph pointed to an address that is not part of ${subject}; it was not followed.`,
      error,
    )
  }
  return error
}

/** An answer that came and cannot be trusted as evidence. */
export const malformed = (explanation: string, cause?: unknown): EvidenceReadFailed =>
  new EvidenceReadFailed('malformed', explanation, cause === undefined ? {} : { cause })

/** The permissions of a read that are not among the granted ones: known before asking. */
export const missingScopes = ({ scopes, granted }: ReadNeeds): string[] =>
  scopes.filter(scope => !granted.includes(scope))

/** A permission is missing: one that is not among the granted ones, or which one the answer does not say. */
export function scopeMissing(needs: ReadNeeds, more: FailureDetail = {}): EvidenceReadFailed {
  const missing = missingScopes(needs)
  const named = missing.length > 0 ? missing : needs.scopes
  const [what, is] = named.length === 1 ? ['The permission', 'is'] : ['The permissions', 'are']
  return new EvidenceReadFailed(
    'scope',
    `${what} ${named.join(' and ')} ${is} not granted, so ${needs.subject} cannot be read. An administrator adds what is missing under API permissions of the app registration and grants admin consent; then authorize the connection again.`,
    more,
  )
}

type FailureDetail = { status?: number | null; code?: string | null; requestId?: string | null }

const throttled = ({ subject }: ReadNeeds, more: FailureDetail) =>
  new EvidenceReadFailed(
    'throttled',
    `Microsoft Graph slowed the reading of ${subject} down for longer than one run may wait. The next run tries again; nothing has to be done.`,
    more,
  )

/**
 * Identity protection answers a missing scope and a missing licence with the same status and code: the granted set
 * decides first, then what the answer says of a licence. Texts may change, so they come last.
 */
function forbidden(
  needs: ReadNeeds,
  code: string | null,
  message: string,
  more: FailureDetail,
): EvidenceReadFailed {
  const { subject, licence } = needs
  if (missingScopes(needs).length > 0) return scopeMissing(needs, more)
  if (isLicenceCode(code) || /licen[cs]e|premium/i.test(message)) {
    return new EvidenceReadFailed(
      'licence',
      `Microsoft answers that the directory has no licence for ${subject}${licence === null ? '' : ` (needed: ${licence})`}.`,
      more,
    )
  }
  if (code === 'Authentication_MSGraphPermissionMissing' || /scopes? (are|is) missing/i.test(message)) {
    return scopeMissing(needs, more)
  }
  return new EvidenceReadFailed(
    'role',
    `The account that authorized the connection may not read ${subject}. Give it the role Security Reader (a guest account cannot be used), or authorize with an account that holds it.`,
    more,
  )
}

const isLicenceCode = (code: string | null) =>
  code === 'Authentication_RequestFromNonPremiumTenantOrB2CTenant'

function words(status: number, subject: string): string {
  if (status >= 500 && status !== 501) {
    return `Microsoft Graph is not available for ${subject} right now (status ${status}). The next run tries again.`
  }
  return `Microsoft Graph refused the request for ${subject} (status ${status}). If it stays so, contact support.`
}

const errorSchema = z.object({
  error: z.object({
    code: z.string().nullish(),
    message: z.string().nullish(),
    innerError: z.looseObject({ 'request-id': z.string().optional() }).nullish(),
    innererror: z.looseObject({ 'request-id': z.string().optional() }).nullish(),
  }),
})

async function readError(response: Response) {
  const header = response.headers.get('request-id')
  const parsed = errorSchema.safeParse(await response.json().catch(() => null))
  if (!parsed.success) return { code: null, message: '', requestId: header }
  const { code, message, innerError, innererror } = parsed.data.error
  const requestId = header ?? innerError?.['request-id'] ?? innererror?.['request-id'] ?? null
  return { code: code ?? null, message: message ?? '', requestId }
}
