import { classAt } from '../domain/account/class-at.ts'
import { catalogue, controlOf } from '../domain/control/catalogue.ts'
import {
  type ControlDecisions,
  comingEnds,
  decisionsText,
  type Excepted,
  exceptedAt,
  heededDecisions,
  thresholdIn,
} from '../domain/control/decisions.ts'
import type { Catalogue, ControlDefinition, ControlId } from '../domain/control/definition.ts'
import type { Judgement } from '../domain/control/judgement.ts'
import { type JudgedAt, overTime } from '../domain/control/over-time.ts'
import { createAc01 } from '../domain/control/rules/ac-01.ts'
import { createAc02 } from '../domain/control/rules/ac-02.ts'
import { judgeAc03 } from '../domain/control/rules/ac-03.ts'
import { createAc04 } from '../domain/control/rules/ac-04.ts'
import { judgeAc05 } from '../domain/control/rules/ac-05.ts'
import { createAc08 } from '../domain/control/rules/ac-08.ts'
import { createAc10 } from '../domain/control/rules/ac-10.ts'
import { createAc11 } from '../domain/control/rules/ac-11.ts'
import { judgeAc12, type PolicyChange } from '../domain/control/rules/ac-12.ts'
import { judgeAc13 } from '../domain/control/rules/ac-13.ts'
import { judgeAc14 } from '../domain/control/rules/ac-14.ts'
import { judgeAc15 } from '../domain/control/rules/ac-15.ts'
import { judgeAc16 } from '../domain/control/rules/ac-16.ts'
import type { AccountRecords, AccountRule } from '../domain/control/rules/account-rule.ts'
import { taskPeriod } from '../domain/control/rules/deadlines.ts'
import { exceptReasons } from '../domain/control/rules/excepted.ts'
import type { KindFinding, MissingEvidence } from '../domain/control/rules/missing-evidence.ts'
import type { PolicyEvidence } from '../domain/control/rules/policy-judgement.ts'
import type { RiskVisibility } from '../domain/control/rules/risk-visibility.ts'
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
  /** When the policies became other than they were at the source, of the trailing 30 days at least. */
  policyChanges: readonly PolicyChange[]
  /** Position of the window that last brought a sign-in that is new or different; null where none did. */
  signInsChangedAt: number | null
  /** What people decided of the source. */
  decisions: ControlDecisions
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

/** Kinds that say more of an account than the inventory does. */
export type AccountCompanion = 'mfa_registration' | 'sign_in_activity'

/** Where the rules find a source's items: the database while a run ends, an archive while it is verified. */
export interface JudgedItems {
  /** Every account with what the asked kinds have of it, in any order; null of a kind that is not asked for. */
  eachAccount(
    companions: readonly AccountCompanion[],
    visit: (records: AccountRecords) => void,
  ): Promise<void>
  /** All items of a kind that is small by nature, in the order of their subject keys. */
  bodies<K extends EvidenceKind>(kind: K): Promise<ItemByKind[K][]>
  /** Every risky sign-in since then as it was read last, in the order of their subject keys. */
  signIns(since: Date): Promise<SignIn[]>
}

interface SignIn {
  readonly subjectKey: string
  readonly item: ItemByKind['risky_sign_ins']
}

type Options = EvaluateOptions & { at: Date }

/**
 * Loads what the asked controls look at, each thing once, and hands it to their rules: a function of what it is given. A
 * control is judged now and at each instant at which a decision that it heeds ends by itself.
 */
export async function judgeControls(
  items: JudgedItems,
  inputs: ControlInputs,
  options: Options,
  controlIds: readonly ControlId[],
): Promise<Map<ControlId, Judgement>> {
  const inForce = catalogue(inputs.catalogueVersion)
  const asked = inForce.controls.filter(({ id }) => controlIds.includes(id))
  const judgings = new Map(asked.map(control => [control.id, judgingsOf(inForce, control, inputs, options)]))
  const isAsked = (ids: readonly ControlId[]) => asked.some(({ id }) => ids.includes(id))
  const loaded: Loaded = {
    policies: isAsked(onPolicies) ? await policyEvidence(items, inputs) : noPolicies,
    signIns: isAsked(['AC-15']) ? await items.signIns(new Date(options.at.getTime() - taskPeriod)) : [],
  }
  const byAccount = await judgeAccounts(items, judgings, loaded)
  const judgements = new Map<ControlId, Judgement>()
  for (const [id, all] of judgings) {
    const judged = all.map((judging): JudgedAt | null => {
      const judgement = byAccount.get(judging) ?? judgeOther(id, judging, loaded)
      return judgement && { at: judging.at, judgement: exceptReasons(judgement, judging.excepted) }
    })
    const [now, ...later] = judged.filter(each => each !== null)
    if (now) judgements.set(id, overTime([now, ...later]))
  }
  return judgements
}

/** One control at one instant, now or to come. */
interface Judging {
  readonly at: Date
  readonly inputs: ControlInputs
  readonly options: Options
  readonly decisions: ControlDecisions
  readonly excepted: Excepted
}

function judgingsOf(
  inForce: Catalogue,
  control: ControlDefinition,
  inputs: ControlInputs,
  options: Options,
): Judging[] {
  const decisions = heededDecisions(inForce, control, inputs.decisions)
  return [options.at, ...comingEnds(decisions, options.at)].map(at => ({
    at,
    inputs,
    options,
    decisions,
    excepted: exceptedAt(decisions.exceptions, at),
  }))
}

/** Rules that go through the accounts, and the kinds that they look at besides the inventory. */
const accountRules: {
  readonly [id in ControlId]?: {
    readonly companions: readonly AccountCompanion[]
    readonly create: (judging: Judging, loaded: Loaded) => AccountRule
  }
} = {
  'AC-01': {
    companions: [],
    create: ({ at, decisions, ...judging }) =>
      createAc01(at, {
        ...accountOptions(judging),
        unclassedDays: thresholdIn(decisions, 'unclassed_days'),
        connectedAt: judging.inputs.connection.connectedAt,
      }),
  },
  'AC-02': {
    companions: ['mfa_registration'],
    create: ({ at, ...judging }) => createAc02(at, accountOptions(judging)),
  },
  'AC-04': { companions: ['mfa_registration'], create: judging => createAc04(accountOptions(judging)) },
  'AC-08': {
    companions: ['sign_in_activity'],
    create: ({ decisions, ...judging }) =>
      createAc08(judging.options.at, {
        ...accountOptions(judging),
        silentDays: thresholdIn(decisions, 'silent_days'),
      }),
  },
  'AC-10': {
    companions: ['mfa_registration'],
    create: ({ decisions, ...judging }) =>
      createAc10({
        ...accountOptions(judging),
        administrators: thresholdIn(decisions, 'administrators'),
        approved: decisions.administrators,
      }),
  },
  'AC-11': {
    companions: [],
    create: ({ at, decisions, ...judging }, { policies }) =>
      createAc11(at, {
        ...accountOptions(judging),
        policies: { ...policies, excepted: judging.excepted },
        review: decisions.guestReview,
        reviewDays: thresholdIn(decisions, 'guest_review_days'),
      }),
  },
}

const accountOptions = ({ inputs, excepted }: Pick<Judging, 'inputs' | 'excepted'>) => ({
  unavailable: inputs.missing,
  excepted,
})

/** All account rules in one pass: a directory is never read twice, nor ever in memory as a whole. */
async function judgeAccounts(
  items: JudgedItems,
  judgings: ReadonlyMap<ControlId, readonly Judging[]>,
  loaded: Loaded,
): Promise<Map<Judging, Judgement>> {
  const running = [...judgings].flatMap(([id, all]) => {
    const rule = accountRules[id]
    return rule
      ? all.map(judging => ({ judging, rule: rule.create(judging, loaded), companions: rule.companions }))
      : []
  })
  if (running.length === 0) return new Map()
  const companions = [...new Set(running.flatMap(each => each.companions))]
  await items.eachAccount(companions, records => {
    for (const { judging, rule } of running) {
      const { class: known, openSince } = classAt(
        records.user,
        judging.decisions.classes.get(records.user.id),
        judging.at,
      )
      rule.add({ ...records, class: known, openSince })
    }
  })
  return new Map(running.map(({ judging, rule }) => [judging, rule.finish()]))
}

/** What is loaded once for every rule that looks at it. */
interface Loaded {
  readonly policies: PolicyEvidence
  readonly signIns: readonly SignIn[]
}

const onPolicies: readonly ControlId[] = ['AC-03', 'AC-05', 'AC-11', 'AC-13']

/** Where no rule looks at them. */
const noPolicies: PolicyEvidence = { policies: [], securityDefaults: null }

async function policyEvidence(items: JudgedItems, { missing }: ControlInputs): Promise<PolicyEvidence> {
  const policies = await items.bodies('conditional_access_policies')
  const [securityDefaults] = await items.bodies('security_defaults')
  return { policies, securityDefaults: securityDefaults ?? null, unavailable: missing }
}

function judgeOther(id: ControlId, judging: Judging, loaded: Loaded): Judgement | null {
  const { at, inputs, options, decisions, excepted } = judging
  const policies = { ...loaded.policies, excepted }
  const { connection, missing: unavailable } = inputs
  switch (id) {
    case 'AC-03':
      return judgeAc03(policies)
    case 'AC-05':
      return judgeAc05(policies)
    case 'AC-12':
      return judgeAc12({
        at,
        changes: inputs.policyChanges.filter(change => change.at >= connection.connectedAt),
        acknowledgements: decisions.acknowledgements,
        days: thresholdIn(decisions, 'acknowledge_days'),
        unavailable,
      })
    case 'AC-13':
      return judgeAc13({ ...policies, risk: riskVisibility(inputs) })
    case 'AC-14':
      return judgeFeed(inputs, options)
    case 'AC-15':
      return judgeAc15({
        at,
        since: connection.connectedAt,
        signIns: loaded.signIns,
        settlements: decisions.settlements,
        hours: {
          high: thresholdIn(decisions, 'settle_high_hours'),
          medium: thresholdIn(decisions, 'settle_medium_hours'),
        },
        risk: riskVisibility(inputs),
        unavailable,
        excepted,
      })
    case 'AC-16':
      return judgeCollector(inputs, options)
    default:
      return null
  }
}

/** Where windows were collected and show no level, the levels are hidden; without any, nothing tells. */
function riskVisibility({ isRiskVisible, feedWindows }: ControlInputs): RiskVisibility {
  if (isRiskVisible) return 'visible'
  return feedWindows.length > 0 ? 'hidden' : 'unknown'
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
  // A version that knew of no decisions has fingerprints without them.
  const decisions = control.heeds && {
    decisions: decisionsText(heededDecisions(catalogue(inputs.catalogueVersion), control, inputs.decisions)),
  }
  return sha256Hex(
    canonicalText({
      catalogueVersion: inputs.catalogueVersion,
      kinds,
      collector: ofCollector,
      ...decisions,
      ...riskLookedAt(control.id, inputs),
    }),
  )
}

/** What rules on risk look at beside their kinds' fingerprints; nothing for the others, whose fingerprints go without. */
function riskLookedAt(id: ControlId, inputs: ControlInputs): object {
  const missing = inputs.missing.find(({ kind }) => kind === 'risky_sign_ins')?.reason ?? null
  if (id === 'AC-13') return { risk: riskVisibility(inputs), missing }
  return id === 'AC-15' ? { risk: riskVisibility(inputs), signIns: inputs.signInsChangedAt } : {}
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
