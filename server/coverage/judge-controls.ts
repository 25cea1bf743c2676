import { catalogue, controlOf } from '../domain/control/catalogue.ts'
import type { ControlDefinition, ControlId } from '../domain/control/definition.ts'
import type { Judgement } from '../domain/control/judgement.ts'
import { createAc02 } from '../domain/control/rules/ac-02.ts'
import { judgeAc03 } from '../domain/control/rules/ac-03.ts'
import { createAc04 } from '../domain/control/rules/ac-04.ts'
import { judgeAc05 } from '../domain/control/rules/ac-05.ts'
import { judgeAc14 } from '../domain/control/rules/ac-14.ts'
import { judgeAc16 } from '../domain/control/rules/ac-16.ts'
import type { AccountFact } from '../domain/control/rules/account-rule.ts'
import type { KindFinding, MissingEvidence } from '../domain/control/rules/missing-evidence.ts'
import type { ItemByKind } from '../domain/evidence/items.ts'
import { type EvidenceKind, evidenceKind, unavailableReasonNamed } from '../domain/evidence/kinds.ts'
import type { EvidenceSummary } from '../domain/evidence/summary.ts'
import { wholeWindow } from '../domain/run/feed-window.ts'
import { canonicalText, sha256Hex } from '../ledger/canonical.ts'

/** Which source is judged, and what its connector declares of it. */
export interface EvaluateOptions {
  sourceId: string
  requiredScopes: readonly string[]
  /** Kinds of which nothing is expected of the source. */
  absentKinds: readonly EvidenceKind[]
}

/** What the rules look at besides items, at one moment: a source's connection, kinds and feed windows. */
export interface ControlInputs {
  connection: JudgedConnection
  catalogueVersion: number
  statuses: ReadonlyMap<EvidenceKind, KindFinding & { fingerprint: string | null }>
  /** Required kinds of which there is nothing to judge on, by kind. */
  missing: readonly MissingEvidence[]
  feedWindows: readonly { from: Date; to: Date }[]
  /** False where risk levels are hidden, or nothing says that they would be shown. */
  isRiskVisible: boolean
}

interface JudgedConnection {
  id: string
  connectedAt: Date
  grantedScopes: readonly string[]
  missingScopes: readonly string[]
  excessScopes: readonly string[]
  /** `YYYY-MM-DD` */
  secretExpiresOn: string | null
  attention: { remedy: string; explanation: string } | null
}

/** Where the rules find a source's items: the database while a run ends, an archive while it is verified. */
export interface JudgedItems {
  /** Every account with its registration record, in any order. */
  eachAccount(visit: (fact: AccountFact) => void): Promise<void>
  /** All items of a kind that is small by nature, in the order of their subject keys. */
  bodies<K extends EvidenceKind>(kind: K): Promise<ItemByKind[K][]>
}

/** Loads what the asked controls look at, each thing once, and hands it to their rules: a function of what it is given. */
export async function judgeControls(
  items: JudgedItems,
  inputs: ControlInputs,
  options: EvaluateOptions & { at: Date },
  controlIds: readonly ControlId[],
): Promise<Map<ControlId, Judgement>> {
  const judgements = new Map<ControlId, Judgement>()
  const isAsked = (id: ControlId) => controlIds.includes(id)
  if (isAsked('AC-02') || isAsked('AC-04')) {
    const people = createAc02(options.at, { unavailable: inputs.missing })
    const administrators = createAc04({ unavailable: inputs.missing })
    await items.eachAccount(fact => {
      people.add(fact)
      administrators.add(fact)
    })
    if (isAsked('AC-02')) judgements.set('AC-02', people.finish())
    if (isAsked('AC-04')) judgements.set('AC-04', administrators.finish())
  }
  if (isAsked('AC-03') || isAsked('AC-05')) {
    const policies = await items.bodies('conditional_access_policies')
    const [securityDefaults] = await items.bodies('security_defaults')
    const evidence = { policies, securityDefaults: securityDefaults ?? null, unavailable: inputs.missing }
    if (isAsked('AC-03')) judgements.set('AC-03', judgeAc03(evidence))
    if (isAsked('AC-05')) judgements.set('AC-05', judgeAc05(evidence))
  }
  if (isAsked('AC-14')) judgements.set('AC-14', judgeFeed(inputs, options))
  if (isAsked('AC-16')) judgements.set('AC-16', judgeCollector(inputs, options))
  return judgements
}

/** SHA-256 over what a control's rule looks at: while it stays the same, so does the verdict but for time. */
export function fingerprintInputs(
  control: ControlDefinition,
  inputs: ControlInputs,
  options: EvaluateOptions,
): string {
  const ofKinds = control.evidence.map(kind => [
    kind,
    inputs.missing.find(missing => missing.kind === kind)?.reason ?? null,
    // A feed has a new window every hour: what counts of it is which hours it covers, and the rule says that.
    kind === 'risky_sign_ins' ? null : (inputs.statuses.get(kind)?.fingerprint ?? null),
  ])
  const ofCollector =
    control.id === 'AC-16'
      ? {
          granted: inputs.connection.grantedScopes,
          required: options.requiredScopes,
          secretExpiresOn: inputs.connection.secretExpiresOn,
        }
      : null
  const kinds = control.id === 'AC-16' ? null : ofKinds
  return sha256Hex(
    canonicalText({ catalogueVersion: inputs.catalogueVersion, kinds, collector: ofCollector }),
  )
}

/** What stands in the place of inputs once a connection was revoked. */
export const revokedInputs = (connectionId: string): string =>
  sha256Hex(canonicalText({ because: 'revoked', connectionId }))

/**
 * Whether the source shows risk, and does not hide its levels. The last window in which there was a sign-in decides;
 * where there was none, only what needs the licence, or the licence itself, tells that there was nothing to see.
 */
export function isRiskVisible({ windows, riskyUsers, inventory }: RiskSummaries): boolean {
  const counted = (summary: EvidenceSummary | null, name: string) => Number(summary?.[name] ?? 0)
  if (counted(riskyUsers, 'hidden') > 0) return false
  const last = windows.find(window => counted(window, 'signIns') > 0)
  if (last) return counted(last, 'hidden') === 0
  return riskyUsers !== null || counted(inventory, 'withP2') > 0
}

/** Newest summaries, null of what was never collected; those of the feed's windows in the period, the newest first. */
export interface RiskSummaries {
  readonly windows: readonly EvidenceSummary[]
  readonly riskyUsers: EvidenceSummary | null
  readonly inventory: EvidenceSummary | null
}

function judgeFeed(inputs: ControlInputs, { at, absentKinds }: EvaluateOptions & { at: Date }): Judgement {
  const start = new Date(at.getTime() - wholeWindow)
  const { connectedAt } = inputs.connection
  const riskyUsers = inputs.statuses.get('risky_users')
  return judgeAc14({
    windows: inputs.feedWindows,
    since: connectedAt > start ? connectedAt : start,
    at,
    staleAfter: evidenceKind('risky_sign_ins').staleAfter,
    riskyUsers: absentKinds.includes('risky_users')
      ? 'absent'
      : inputs.missing.some(missing => missing.kind === 'risky_users' && missing.reason !== 'not_collected')
        ? 'unavailable'
        : riskyUsers?.lastSuccessAt
          ? 'collected'
          : 'none',
    riskVisible: inputs.isRiskVisible,
    unavailable: inputs.missing,
  })
}

function judgeCollector(
  inputs: ControlInputs,
  { at, requiredScopes }: EvaluateOptions & { at: Date },
): Judgement {
  const { grantedScopes, missingScopes, excessScopes, secretExpiresOn, attention } = inputs.connection
  // Kinds that are collected for a later version say nothing in this one.
  const { evidence } = controlOf(catalogue(inputs.catalogueVersion), 'AC-16')
  return judgeAc16({
    kinds: [...inputs.statuses]
      .filter(([kind]) => evidence.includes(kind))
      .map(([kind, { outcome, reason }]) => {
        const known = unavailableReasonNamed(reason)
        return {
          kind,
          outcome: outcome === 'collected' || outcome === 'reaffirmed' ? outcome : 'unavailable',
          ...(known ? { reason: known } : {}),
        }
      }),
    grant: { granted: grantedScopes, missing: missingScopes, excess: excessScopes },
    requiredScopes,
    refusal: attention && { remedy: attention.remedy, explanation: attention.explanation },
    secretExpiresOn: secretExpiresOn === null ? null : new Date(`${secretExpiresOn}T00:00:00Z`),
    at,
  })
}
