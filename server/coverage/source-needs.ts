import { type SecretState, secretStanding } from '../domain/connection/secret-expiry.ts'
import { verdictAt } from '../domain/control/verdict.ts'
import { freshness } from '../domain/coverage/freshness.ts'
import { evidenceKind, isHourly } from '../domain/evidence/kinds.ts'
import type { Need } from './need.ts'
import type { KnownSource } from './read-coverage.ts'
import { sourceFreshness } from './source-freshness.ts'

const hour = 3_600_000

/** What a source needs apart from its controls: its connection, its secret, its permissions, its age. */
export function sourceNeeds(source: KnownSource, label: string, at: Date): Need[] {
  const to = `settings/integrations/connections/${source.connection.id}`
  if (source.isRevoked) {
    return [
      {
        key: `${source.sourceId} revoked`,
        tone: 'unknown',
        title: `${label} is no longer connected`,
        text: 'The connection was revoked, so nothing newer is known. What was collected is kept',
        since: source.connection.revokedAt,
        step: { label: 'Connect again', to: 'settings/integrations' },
      },
    ]
  }
  return [
    ...attentionNeeds(source, label, to),
    ...ageNeeds(source, label, at, to),
    ...secretNeeds(source, at, to),
    ...scopeNeeds(source, at, to),
  ]
}

function attentionNeeds({ sourceId, connection }: KnownSource, label: string, to: string): Need[] {
  const { attention } = connection
  if (connection.status !== 'needs_attention' || !attention) return []
  const isSignIn = attention.remedy === 'reauthorize'
  return [
    {
      key: `${sourceId} attention`,
      tone: 'fail',
      title: isSignIn ? `${label} wants a new sign-in` : `${label} refuses the app registration`,
      text: `${attention.explanation}${attention.code ? ` (${attention.code})` : ''}`,
      since: null,
      step: { label: isSignIn ? 'Authorize again' : 'Fix it', to },
    },
  ]
}

function ageNeeds(source: KnownSource, label: string, at: Date, to: string): Need[] {
  const expected = source.evidence.filter(each => !each.isSettledUnavailable && each.lastSuccessAt !== null)
  const old = expected.filter(each => freshness(each.kind, each.lastSuccessAt, at) !== 'fresh')
  if (old.length === 0) return []
  const { newestSuccessAt } = sourceFreshness(source, at)
  const isSilent = !expected.some(each => isHourly(each.kind) && !old.includes(each))
  const key = `${source.sourceId} age`
  const step = { label: 'See its runs', to }
  if (isSilent && newestSuccessAt) {
    const title = `${label} has not synced for ${lengthOf(at.getTime() - newestSuccessAt.getTime())}`
    const text = 'Nothing came'
    return [{ key, tone: 'fail', title, text, since: newestSuccessAt, step }]
  }
  return old.map(({ kind, lastSuccessAt }) => ({
    key: `${key} ${kind}`,
    tone: 'stale',
    title: `${evidenceKind(kind).title} did not come for ${lengthOf(at.getTime() - (lastSuccessAt?.getTime() ?? 0))}`,
    text: source.statuses.find(status => status.kind === kind)?.explanation ?? 'Nothing came',
    since: lastSuccessAt,
    step,
  }))
}

function secretNeeds(source: KnownSource, at: Date, to: string): Need[] {
  const { secretExpiresOn } = source.connection
  if (secretExpiresOn === null || isSaidByCollector(source, at, 'secret_')) return []
  const { state, expiresAt } = secretStanding(secretExpiresOn, at)
  const tone = secretTones[state]
  if (tone === undefined || expiresAt === null) return []
  const hasEnded = state === 'expired'
  const left = expiresAt.getTime() - at.getTime()
  const title = hasEnded ? 'The client secret has expired' : `The client secret expires in ${lengthOf(left)}`
  return [
    {
      key: `${source.sourceId} secret`,
      tone,
      title,
      text: hasEnded ? 'No sync can succeed' : 'Without a new one collection stops then',
      since: null,
      step: { label: 'Replace it', to },
    },
  ]
}

/** The nearer the end, the further up. */
const secretTones: Partial<Record<SecretState, Need['tone']>> = {
  soon: 'notice',
  near: 'stale',
  urgent: 'fail',
  expired: 'fail',
}

function scopeNeeds(source: KnownSource, at: Date, to: string): Need[] {
  const { missingScopes, excessScopes } = source.connection
  if (isSaidByCollector(source, at, 'scope_')) return []
  const need = (what: 'missing' | 'excess', scopes: readonly string[]): Need[] =>
    scopes.length === 0
      ? []
      : [
          {
            key: `${source.sourceId} ${what}`,
            tone: what === 'missing' ? 'stale' : 'notice',
            title: what === 'missing' ? 'Permissions are missing' : 'More is granted than required',
            text: scopes.join(', '),
            since: null,
            step: { label: what === 'missing' ? 'Grant them' : 'Remove them', to },
          },
        ]
  return [...need('missing', missingScopes), ...need('excess', excessScopes)]
}

/** AC-16 says it already, with its verdict: a control's need tells its first reason alone. */
function isSaidByCollector({ verdicts }: KnownSource, at: Date, prefix: string): boolean {
  const collector = verdicts.find(each => each.controlId === 'AC-16')
  if (!collector) return false
  const { verdict, reasons } = verdictAt(collector, at)
  return reasons.find(each => each.verdict === verdict)?.code.startsWith(prefix) === true
}

function lengthOf(milliseconds: number): string {
  const hours = Math.floor(milliseconds / hour)
  if (hours < 48) return `${Math.max(1, hours)} ${hours <= 1 ? 'hour' : 'hours'}`
  return `${Math.floor(hours / 24)} days`
}
