import type { Transaction } from '../../db/client.ts'
import type { ConnectorRegistry } from '../connectors/registry.ts'
import type { ControlDefinition, WaitingControl } from '../domain/control/definition.ts'
import type { Population, Verdict } from '../domain/control/judgement.ts'
import { explainReason, verdictWords } from '../domain/control/words.ts'
import { type ControlState, controlState } from '../domain/coverage/control-timeline.ts'
import { coverage } from '../domain/coverage/coverage.ts'
import type { Freshness } from '../domain/coverage/freshness.ts'
import { evidenceKind } from '../domain/evidence/kinds.ts'
import { namesInReasons } from '../evidence/queries/subject-names.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { type KnownCoverage, readCoverage } from './read-coverage.ts'

export interface ListedControl {
  readonly id: string
  readonly title: string
  readonly criteria: readonly string[]
  readonly verdict: Verdict
  readonly words: string
  readonly state: ControlState
  readonly freshness: Freshness
  /** What made the verdict, in a sentence. */
  readonly because: string
  /** Over all sources. */
  readonly population: Population
  readonly evidence: readonly string[]
  /** Why it does not count for coverage; null where it does. It is judged all the same. */
  readonly outOfScope: { readonly reason: string; readonly since: Date } | null
}

export interface ControlList {
  readonly percent: number
  readonly criteria: readonly {
    readonly criterion: string
    readonly name: string
    readonly percent: number | null
    readonly controls: readonly ListedControl[]
    readonly waiting: readonly WaitingControl[]
  }[]
}

/** Every control of the catalogue under the first of its criteria, those that wait for another source included. */
export async function listControls(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  connectors: ConnectorRegistry,
): Promise<ControlList> {
  const known = await readCoverage(transaction, organizationId, asOf, connectors)
  const { catalogue, coverage: counted } = known
  const nameOf = await namesOf(transaction, organizationId, asOf, known)
  return {
    percent: counted.percent,
    criteria: catalogue.criteria.flatMap(({ id, name }) => {
      const controls = catalogue.controls
        .filter(control => control.criteria[0] === id)
        .flatMap(control => listedControl(known, control.id, nameOf))
      const waiting = catalogue.waiting.filter(control => control.criteria[0] === id)
      if (controls.length + waiting.length === 0) return []
      const share = counted.criteria.find(each => each.criterion === id)
      return [{ criterion: id, name, percent: share?.percent ?? null, controls, waiting }]
    }),
  }
}

/** The names of the policies and accounts that the controls' reasons speak of, over all sources. */
export async function namesOf(
  transaction: Transaction,
  organizationId: string,
  { position }: Pick<AsOf, 'position'>,
  { sources, coverage: counted }: KnownCoverage,
): Promise<(id: string) => string> {
  const names: ((id: string) => string)[] = []
  for (const { sourceId } of sources) {
    const reasons = counted.controls.flatMap(control =>
      control.reasons.filter(reason => reason.sourceId === sourceId),
    )
    names.push(await namesInReasons(transaction, { organizationId, position, sourceId }, reasons))
  }
  return id => names.map(nameOf => nameOf(id)).find(name => name !== id) ?? id
}

/** One control as a list shows it. */
export function listedControl(
  known: KnownCoverage,
  id: string,
  nameOf?: (id: string) => string,
): ListedControl[] {
  const control = known.catalogue.controls.find(each => each.id === id)
  const sources = known.sources.filter(source => source.outOfScope === null)
  const judged = control && judgedControl(known, control)
  if (!control || !judged) return []
  const [first, ...others] = judged.reasons.filter(reason => reason.verdict === judged.verdict)
  const more = others.length === 0 ? '' : ` And ${others.length} more.`
  const populations = sources.flatMap(source =>
    source.verdicts.filter(each => each.controlId === id).map(each => each.population),
  )
  const total = (part: keyof Population) => populations.reduce((sum, each) => sum + each[part], 0)
  return [
    {
      id: control.id,
      title: control.title,
      criteria: control.criteria,
      verdict: judged.verdict,
      words: verdictWords(judged.verdict, judged.reasons),
      state: controlState(judged),
      freshness: judged.freshness,
      because: first ? `${explainReason(first, nameOf).text}${more}` : '',
      population: {
        inScope: total('inScope'),
        pass: total('pass'),
        fail: total('fail'),
        noData: total('noData'),
      },
      evidence: control.evidence.map(kind => evidenceKind(kind).title),
      outOfScope: scopeReason(known, id),
    },
  ]
}

/** As it stands over the directories in scope, whether it counts itself or not. */
function judgedControl({ catalogue, coverage: counted, sources }: KnownCoverage, control: ControlDefinition) {
  const judged = counted.controls.find(each => each.controlId === control.id)
  if (judged) return judged
  const [alone] = coverage({
    catalogue: { ...catalogue, controls: [control] },
    sources: sources.filter(source => source.outOfScope === null),
    at: counted.at,
  }).controls
  return alone
}

function scopeReason({ outOfScope }: KnownCoverage, controlId: string): ListedControl['outOfScope'] {
  const found = outOfScope.get(controlId)
  return found ? { reason: found.reason, since: found.since } : null
}
