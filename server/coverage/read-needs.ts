import type { Transaction } from '../../db/client.ts'
import { alertNeeds } from '../alerts/alert-needs.ts'
import type { Reason } from '../domain/control/judgement.ts'
import { verdictAt } from '../domain/control/verdict.ts'
import { explainReason } from '../domain/control/words.ts'
import { namesInReasons } from '../evidence/queries/subject-names.ts'
import type { AsOf } from '../ledger/position-at.ts'
import type { Need } from './need.ts'
import { nextStepOf } from './next-step.ts'
import type { KnownCoverage, KnownSource } from './read-coverage.ts'
import { sourceNeeds } from './source-needs.ts'
import { verdictSince } from './verdict-since.ts'

interface NeedsOptions {
  organizationId: string
  known: KnownCoverage
  labels: ReadonlyMap<string, string>
  asOf: Pick<AsOf, 'instant' | 'position'>
}

/** What needs a person as of the asked instant, the most urgent first. */
export async function readNeeds(transaction: Transaction, options: NeedsOptions): Promise<Need[]> {
  const { known, labels, asOf } = options
  const inScope = known.sources.filter(each => each.outOfScope === null)
  const found = await Promise.all([
    ...inScope.map(async source => [
      ...sourceNeeds(source, labels.get(source.sourceId) ?? source.connectorName, asOf.instant),
      ...(source.isRevoked ? [] : await controlNeeds(transaction, options, source)),
    ]),
    alertNeeds(transaction, options.organizationId, asOf.position),
  ])
  return found.flat().sort((one, other) => tones.indexOf(one.tone) - tones.indexOf(other.tone))
}

const tones: readonly Need['tone'][] = ['fail', 'stale', 'unknown', 'notice']

async function controlNeeds(
  transaction: Transaction,
  { organizationId, asOf, known }: NeedsOptions,
  source: KnownSource,
): Promise<Need[]> {
  const { sourceId, connection } = source
  const counted = source.verdicts.filter(stored => !known.outOfScope.has(stored.controlId))
  const shown = counted.map(stored => ({ stored, ...verdictAt(stored, asOf.instant) }))
  const reasons = shown.flatMap(each => each.reasons)
  const nameOf = await namesInReasons(
    transaction,
    { organizationId, position: asOf.position, sourceId },
    reasons,
  )
  const needs: Promise<Need>[] = []
  const untestable = new Map<string, { ids: string[]; reason: Reason }>()
  for (const { stored, verdict, reasons: made } of shown) {
    const [first, ...others] = made.filter(each => each.verdict === verdict)
    if (!first || verdict === 'pass' || notYet.has(first.code)) continue
    // The connection says it itself, with its remedy.
    if (first.code === 'credential_refused' && connection.status === 'needs_attention' && others.length === 0)
      continue
    const { text, short, nextStep } = explainReason(first, nameOf)
    if (verdict === 'not_testable') {
      const same = untestable.get(text)
      if (same) same.ids.push(stored.controlId)
      else untestable.set(text, { ids: [stored.controlId], reason: first })
      continue
    }
    const since = verdictSince(transaction, organizationId, stored, asOf.instant)
    const need = {
      key: `${sourceId} ${stored.controlId}`,
      tone: verdict === 'fail' ? ('fail' as const) : ('unknown' as const),
      ...wordsOf(
        short ?? text,
        stored.controlId,
        verdict === 'fail' ? 'fails' : 'has no data',
        others.length,
      ),
      step: nextStepOf(nextStep, { controlId: stored.controlId, connectionId: connection.id }) ?? {
        label: 'See the control',
        to: `controls/${stored.controlId}`,
      },
    }
    needs.push(since.then(since => ({ ...need, since })))
  }
  return [
    ...(await Promise.all(needs)),
    ...[...untestable].map(([text, each]) => untestableNeed(sourceId, text, each.ids, each.reason, source)),
  ]
}

/** Made once: making one takes longer than a hundred uses of it. */
const lists = new Intl.ListFormat('en', { type: 'conjunction' })

function untestableNeed(
  sourceId: string,
  text: string,
  ids: readonly string[],
  reason: Reason,
  { connection }: KnownSource,
): Need {
  const listed = lists.format(ids)
  const controlId = ids[0] ?? ''
  return {
    key: `${sourceId} ${text}`,
    tone: 'unknown',
    title: `${listed} ${ids.length === 1 ? 'is' : 'are'} not testable`,
    text: withoutStop(text),
    since: null,
    step: nextStepOf(explainReason(reason).nextStep, { controlId, connectionId: connection.id }) ?? {
      label: 'What this means',
      to: `controls/${controlId}`,
    },
  }
}

/** Before the first run there is nothing that anybody has to do. */
const notYet: ReadonlySet<string> = new Set([
  'not_evaluated',
  'evidence_not_collected',
  'no_run',
  'no_connection',
])

const withoutStop = (text: string) => text.replace(/\.$/, '')

/** A short reason is the title itself; a long one is told below what it is about. */
function wordsOf(text: string, controlId: string, stands: string, others: number) {
  if (text.length <= longestTitle) {
    return { title: withoutStop(text), text: `${controlId} ${stands}${alsoFor(others)}` }
  }
  return { title: `${controlId} ${stands}${alsoFor(others)}`, text: withoutStop(text) }
}

const longestTitle = 90

const alsoFor = (count: number) =>
  count === 0 ? '' : `, for ${count} more ${count === 1 ? 'reason' : 'reasons'}`
