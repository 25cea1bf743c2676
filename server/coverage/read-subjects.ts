import type { Transaction } from '../../db/client.ts'
import type { ControlDefinition } from '../domain/control/definition.ts'
import type { Reason } from '../domain/control/judgement.ts'
import { verdictAt } from '../domain/control/verdict.ts'
import { evidenceKinds } from '../domain/evidence/kinds.ts'
import { subjectNames } from '../evidence/queries/subject-names.ts'
import type { AsOf } from '../ledger/position-at.ts'
import type { KnownSource } from './read-coverage.ts'

export interface Subject {
  readonly sourceId: string
  readonly sourceLabel: string
  readonly subjectKey: string
  readonly name: string | null
  readonly login: string | null
  readonly isRemoved: boolean
  readonly verdict: Reason['verdict']
  /** A few words that say what is the matter. */
  readonly words: string
}

export interface SubjectPage {
  readonly subjects: readonly Subject[]
  /** How many there are in all, those beyond the named ones included. */
  readonly count: number
  /** How many of them the verdict names. */
  readonly named: number
  readonly isFirst: boolean
  readonly next: string | null
}

interface SubjectOptions {
  organizationId: string
  asOf: Pick<AsOf, 'instant' | 'position'>
  control: ControlDefinition
  sources: readonly KnownSource[]
  labels: ReadonlyMap<string, string>
  /** `<source> <reason> <subject>` of the last one shown. */
  cursor: string | null
}

const pageSize = 50

/** Who and what a verdict names, worst reasons first, with the names they had then. */
export async function readSubjects(transaction: Transaction, options: SubjectOptions): Promise<SubjectPage> {
  const { organizationId, asOf, control, sources, labels, cursor } = options
  const reasons = sources.flatMap(source =>
    reasonsOf(source, control.id, asOf.instant).map(reason => ({ source, reason })),
  )
  const all = reasons.flatMap(({ source, reason }) =>
    reason.subjects.map(subjectKey => ({
      key: `${source.sourceId} ${reason.code} ${subjectKey}`,
      source,
      reason,
      subjectKey,
    })),
  )
  const start = cursor === null ? 0 : all.findIndex(each => each.key === cursor) + 1
  const page = all.slice(start, start + pageSize)
  const names = new Map<string, Awaited<ReturnType<typeof subjectNames>>>()
  for (const source of sources) {
    const subjectKeys = page.filter(each => each.source === source).map(each => each.subjectKey)
    const { sourceId } = source
    const position = asOf.position
    names.set(
      sourceId,
      await subjectNames(transaction, {
        organizationId,
        position,
        sourceId,
        kinds: evidenceKinds,
        subjectKeys,
      }),
    )
  }
  return {
    subjects: page.map(({ source, reason, subjectKey }) => {
      const name = names.get(source.sourceId)?.get(subjectKey)
      return {
        sourceId: source.sourceId,
        sourceLabel: labels.get(source.sourceId) ?? source.connectorName,
        subjectKey,
        name: name?.name ?? null,
        login: name?.login ?? null,
        isRemoved: name?.isRemoved ?? false,
        verdict: reason.verdict,
        words: wordsOf(reason),
      }
    }),
    count: reasons.reduce((sum, { reason }) => sum + Math.max(reason.count, reason.subjects.length), 0),
    named: all.length,
    isFirst: start === 0,
    next: start + pageSize < all.length ? (page.at(-1)?.key ?? null) : null,
  }
}

function reasonsOf(source: KnownSource, controlId: string, at: Date): readonly Reason[] {
  const stored = source.verdicts.find(each => each.controlId === controlId)
  if (!stored) return []
  return verdictAt(stored, at).reasons.filter(
    reason => reason.subjects.length > 0 && (reason.verdict !== 'pass' || isExcepted(reason)),
  )
}

/** Left out by an exception: no longer failing, and named all the same. */
const isExcepted = ({ code }: Reason) => code === 'excepted' || code === 'reason_excepted'

const words: Record<string, string> = {
  no_second_factor: 'No second factor',
  no_registration_record: 'No registration record',
  second_factor_unknown: 'Second factor not told',
  enabled_unknown: 'Enabled or not is not told',
  administrator_no_second_factor: 'Administrator without a second factor',
  administrator_second_factor_unknown: 'Administrator, second factor not told',
  administrator_enabled_unknown: 'Administrator, enabled or not is not told',
  administrator_role_unknown: 'Role not told',
  administrator_method_phishable: 'No method that resists phishing',
  administrator_unlisted: 'No registration record, role unknown',
  unclassed: 'No class',
  unclassed_soon: 'No class yet',
  silent: 'No sign-in for too long',
  no_sign_in_record: 'No record of sign-ins',
  silence_unknown: 'Never signed in, since when is not told',
  administrator_not_approved: 'Not on the approved list',
  excepted: 'Left out by an exception',
  reason_excepted: 'Left out by an exception',
  guest_not_covered: 'Guest without a second factor',
  sign_in_not_settled: 'Sign-in not settled in time',
  sign_in_settled_late: 'Sign-in settled late',
  sign_in_waiting: 'Sign-in to be settled',
  sign_in_risk_unknown: 'Risk of the sign-in not told',
  exclusion_not_covered: 'Excluded, and not covered by another policy',
  exclusions_overlap: 'Excluded where exclusions meet',
}

const wordsOf = ({ code }: Reason) => words[code] ?? code.replaceAll('_', ' ')
