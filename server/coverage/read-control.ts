import type { Transaction } from '../../db/client.ts'
import type { ConnectorRegistry } from '../connectors/registry.ts'
import type { ControlDefinition } from '../domain/control/definition.ts'
import type { Population, Reason, Verdict } from '../domain/control/judgement.ts'
import { verdictAt } from '../domain/control/verdict.ts'
import { explainReason, verdictWords } from '../domain/control/words.ts'
import { type ControlState, controlTimeline } from '../domain/coverage/control-timeline.ts'
import { type Freshness, freshness } from '../domain/coverage/freshness.ts'
import { type EvidenceKind, evidenceKind } from '../domain/evidence/kinds.ts'
import { exceptableOf } from '../domain/exception/exceptable.ts'
import type { ExceptionSubject } from '../domain/exception/subject.ts'
import { type VerdictTimeline, verdictTimeline } from '../domain/plots/verdict-timeline.ts'
import { notFound } from '../errors.ts'
import { namesInReasons } from '../evidence/queries/subject-names.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { type ListedControl, listedControl } from './list-controls.ts'
import { type NextStep, nextStepOf } from './next-step.ts'
import { type KnownSource, readCoverage } from './read-coverage.ts'
import { readHistory } from './read-history.ts'
import { readSubjects, type SubjectPage } from './read-subjects.ts'
import { sourceLabels } from './source-labels.ts'
import { sourcesSince } from './sources-since.ts'
import { verdictSince } from './verdict-since.ts'

const day = 86_400_000

export interface ReasonInWords {
  readonly code: string
  readonly verdict: Reason['verdict']
  readonly count: number
  readonly text: string
  readonly step: NextStep | null
  /** What an exception from this reason would be for; null where its subjects are told one by one, or there is none. */
  readonly exceptable: ExceptionSubject | null
}

export interface ControlOfSource {
  readonly sourceId: string
  readonly label: string
  readonly verdict: Verdict
  readonly words: string
  readonly since: Date | null
  /** The event that recorded it; null where nothing was recorded yet. */
  readonly recordedAt: Date | null
  readonly position: number | null
  readonly population: Population | null
  readonly reasons: readonly ReasonInWords[]
  readonly evidence: readonly {
    readonly kind: EvidenceKind
    readonly title: string
    readonly freshness: Freshness
    readonly lastSuccessAt: Date | null
    readonly isSettledUnavailable: boolean
  }[]
}

export interface ControlDetail extends ListedControl {
  readonly rule: string
  readonly populationWords: string
  readonly criteriaNames: readonly { readonly id: string; readonly name: string }[]
  readonly catalogueVersion: number
  readonly trailingDays: number | null
  /** Whether the version in force heeds exceptions from this control. */
  readonly takesExceptions: boolean
  readonly sources: readonly ControlOfSource[]
  readonly subjects: SubjectPage
  readonly timeline: VerdictTimeline<ControlState>
}

export interface ControlOptions {
  organizationId: string
  connectors: ConnectorRegistry
  asOf: AsOf
  controlId: string
  /** Where the page of subjects goes on. */
  cursor: string | null
  days: number
  /** The timeline does not begin before. */
  earliest: Date | null
}

/** One control with what made its verdict. @throws {AppError} not_found */
export async function readControl(transaction: Transaction, options: ControlOptions): Promise<ControlDetail> {
  const { organizationId, connectors, asOf, controlId, cursor, days, earliest } = options
  const known = await readCoverage(transaction, organizationId, asOf, connectors)
  const control = known.catalogue.controls.find(each => each.id === controlId)
  const [listed] = listedControl(known, controlId)
  if (!control || !listed) throw notFound('control')
  const { id } = control
  const labels = await sourceLabels(transaction, organizationId, asOf.position, known.sources)
  const sources: ControlOfSource[] = []
  for (const source of known.sources) {
    const label = labels.get(source.sourceId) ?? source.connectorName
    sources.push(await controlOfSource(transaction, { organizationId, asOf, control, source, label }))
  }
  return {
    ...listed,
    rule: control.rule,
    populationWords: control.population,
    criteriaNames: known.catalogue.criteria.filter(criterion => control.criteria.includes(criterion.id)),
    catalogueVersion: known.catalogue.version,
    trailingDays: control.trailingDays,
    takesExceptions: control.heeds?.includes('exceptions') === true,
    sources,
    subjects: await readSubjects(transaction, {
      organizationId,
      asOf,
      control,
      sources: known.sources,
      labels,
      cursor,
    }),
    timeline: await history(),
  }

  async function history() {
    const { catalogue } = known
    const sources = sourcesSince(known.sources, earliest)
    const to = asOf.instant
    // At least a day wide, and no wider than what there is to show: before a connection nothing was expected.
    const since = Math.min(...sources.map(source => source.since.getTime()), to.getTime())
    const from = new Date(Math.min(to.getTime() - day, Math.max(since, to.getTime() - days * day)))
    if (sources.length === 0) return verdictTimeline<ControlState>({ changes: [], from, to })
    const rows = await readHistory(transaction, {
      organizationId,
      catalogue,
      sources,
      position: asOf.position,
      from,
      to,
      controlId,
    })
    const start = new Date(Math.max(from.getTime(), since))
    return verdictTimeline({ changes: controlTimeline({ ...rows, from: start, to }, id), from, to })
  }
}

async function controlOfSource(
  transaction: Transaction,
  options: {
    organizationId: string
    asOf: AsOf
    control: ControlDefinition
    source: KnownSource
    label: string
  },
): Promise<ControlOfSource> {
  const { organizationId, asOf, control, source, label } = options
  const { sourceId, connection } = source
  const stored = source.verdicts.find(each => each.controlId === control.id)
  const { verdict, reasons } = stored
    ? verdictAt(stored, asOf.instant)
    : { verdict: 'no_data' as const, reasons: [notEvaluated] }
  const nameOf = await namesInReasons(
    transaction,
    { organizationId, position: asOf.position, sourceId },
    reasons,
  )
  return {
    sourceId,
    label,
    verdict,
    words: verdictWords(verdict, reasons),
    since: stored
      ? source.isRevoked
        ? stored.at
        : await verdictSince(transaction, organizationId, stored, asOf.instant)
      : null,
    recordedAt: stored?.at ?? null,
    position: stored?.position ?? null,
    population: stored?.population ?? null,
    reasons: reasons.map(reason => {
      const { text, nextStep } = explainReason(reason, nameOf)
      return {
        code: reason.code,
        verdict: reason.verdict,
        count: reason.count,
        text,
        step: nextStepOf(nextStep, { controlId: control.id, connectionId: connection.id }),
        exceptable: control.heeds?.includes('exceptions') ? exceptableOf(reason) : null,
      }
    }),
    evidence: source.evidence
      .filter(each => control.evidence.includes(each.kind))
      .map(each => ({
        ...each,
        title: evidenceKind(each.kind).title,
        freshness: freshness(each.kind, each.lastSuccessAt, asOf.instant),
      })),
  }
}

const notEvaluated: Reason = {
  code: 'not_evaluated',
  verdict: 'no_data',
  count: 0,
  subjects: [],
  detail: {},
}
