import { type EvidenceKind, evidenceKind, type UnavailableReason } from '../../evidence/kinds.ts'
import type { Judgement, Reason } from '../judgement.ts'
import { byCodeUnit, reason } from '../reason.ts'
import { inReadingOrder, judgementOf, verdictOf } from '../verdict.ts'

export interface Ac16Input {
  /** What the last finished run came to, per kind that was due; empty before the first one. */
  readonly kinds: readonly {
    readonly kind: EvidenceKind
    readonly outcome: 'collected' | 'reaffirmed' | 'unavailable'
    readonly reason?: UnavailableReason
  }[]
  readonly grant: {
    readonly granted: readonly string[]
    readonly missing: readonly string[]
    readonly excess: readonly string[]
  }
  readonly requiredScopes: readonly string[]
  /** Why the source refuses the credential, until a person acts; null while it does not. */
  readonly refusal: { readonly remedy: string; readonly explanation: string } | null
  /** Null where nobody said when the client secret ends. */
  readonly secretExpiresOn: Date | null
  readonly at: Date
}

const secretMargin = 7 * 86_400_000

/**
 * AC-16, the collector itself is sound: the last run read every kind or settled that there is no licence for it, the
 * granted scopes are the required ones, the client secret is valid for more than 7 days, and the source accepts the
 * credential.
 */
export function judgeAc16(input: Ac16Input): Judgement {
  const always = [...refusalReasons(input), ...runReasons(input), ...scopeReasons(input)]
  const reasonsAt = (at: Date) => {
    const reasons = [...always, ...secretReasons(input.secretExpiresOn, at)]
    return inReadingOrder(
      reasons.length > 0 ? reasons : [reason('collector_sound', 'pass', { count: input.kinds.length })],
    )
  }
  return judgementOf(
    reasonsAt(input.at),
    populationOf(reasonsAt(input.at), input),
    changesOf(input, reasonsAt),
  )
}

function refusalReasons({ refusal }: Ac16Input): Reason[] {
  return refusal === null ? [] : [reason('credential_refused', 'fail', { count: 1, detail: { ...refusal } })]
}

function runReasons({ kinds }: Ac16Input): Reason[] {
  if (kinds.length === 0) return [reason('no_run', 'no_data')]
  return [...kinds]
    .filter(kind => kind.outcome === 'unavailable' && kind.reason !== 'licence')
    .sort((one, other) => byCodeUnit(one.kind, other.kind))
    .map(({ kind, reason: why }) => {
      const detail = { kind, kindTitle: evidenceKind(kind).title, reason: why ?? 'unavailable' }
      return reason('kind_failed', 'fail', { count: 1, detail })
    })
}

/** The source's answer counts twice: as the connector sorted it, and against the required scopes once more. */
function scopeReasons({ grant, requiredScopes }: Ac16Input): Reason[] {
  const granted = new Set(grant.granted.map(lower))
  const required = new Set(requiredScopes.map(lower))
  const missing = distinct([...grant.missing, ...requiredScopes.filter(scope => !granted.has(lower(scope)))])
  const excess = distinct([
    ...grant.excess,
    ...grant.granted.filter(scope => !required.has(lower(scope)) && !protocolScopes.has(lower(scope))),
  ])
  return [
    ...(missing.length > 0
      ? [reason('scope_missing', 'fail', { count: missing.length, detail: { scopes: missing } })]
      : []),
    ...(excess.length > 0
      ? [reason('scope_excess', 'fail', { count: excess.length, detail: { scopes: excess } })]
      : []),
  ]
}

function secretReasons(expiresOn: Date | null, at: Date): Reason[] {
  if (expiresOn === null) return [reason('secret_expiry_unknown', 'no_data', { count: 1 })]
  const detail = { secretExpiresOn: expiresOn.toISOString() }
  if (expiresOn <= at) return [reason('secret_expired', 'fail', { count: 1, detail })]
  if (expiresOn.getTime() - at.getTime() > secretMargin) return []
  return [reason('secret_expires_soon', 'fail', { count: 1, detail })]
}

function changesOf(
  { secretExpiresOn, at }: Ac16Input,
  reasonsAt: (at: Date) => Reason[],
): Judgement['changes'] {
  if (secretExpiresOn === null) return []
  return [new Date(secretExpiresOn.getTime() - secretMargin), secretExpiresOn]
    .filter(instant => instant > at)
    .map(instant => ({ at: instant, verdict: verdictOf(reasonsAt(instant)), reasons: reasonsAt(instant) }))
}

/** Every kind that was due, the grant and the secret are one check each. */
function populationOf(reasons: readonly Reason[], { kinds }: Ac16Input): Judgement['population'] {
  const has = (...codes: string[]) => (reasons.some(each => codes.includes(each.code)) ? 1 : 0)
  const fail =
    reasons.filter(each => each.code === 'kind_failed').length +
    has('scope_missing', 'scope_excess') +
    has('secret_expires_soon', 'secret_expired', 'credential_refused')
  const noData = has('secret_expiry_unknown') + has('no_run')
  const inScope = kinds.length + 2 + has('no_run')
  return { inScope, pass: inScope - fail - noData, fail, noData }
}

/** OpenID Connect's own: they open nothing in the directory. */
const protocolScopes = new Set(['openid', 'profile', 'email', 'offline_access'])

const lower = (scope: string) => scope.toLowerCase()

/** Each once whatever its case, sorted. */
function distinct(scopes: readonly string[]): string[] {
  const byName = new Map(
    [...scopes]
      .sort(byCodeUnit)
      .reverse()
      .map(scope => [lower(scope), scope]),
  )
  return [...byName.values()].sort(byCodeUnit)
}
