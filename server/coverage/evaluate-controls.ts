import { and, eq } from 'drizzle-orm'
import { verdict } from '../../db/schema/state.ts'
import { catalogue } from '../domain/control/catalogue.ts'
import type { ControlId } from '../domain/control/definition.ts'
import type { Judgement } from '../domain/control/judgement.ts'
import { judgeRevoked } from '../domain/control/rules/missing-evidence.ts'
import { canonicalText } from '../ledger/canonical.ts'
import { controlStream } from '../ledger/ids.ts'
import type { Unit } from '../ledger/ledger.ts'
import { isOpen } from '../projections/range.ts'
import { accountFacts } from './account-facts.ts'
import { loadControlInputs } from './control-inputs.ts'
import { currentBodies, currentSignIns } from './current-bodies.ts'
import {
  type EvaluateOptions,
  fingerprintInputs,
  type JudgedItems,
  judgeControls,
  revokedInputs,
} from './judge-controls.ts'

/**
 * Judges every control of one source on what this transaction holds, and records each verdict that is another than
 * before: verdict, reasons, inputs or a coming change by time alone. `onlyJudged`: nothing is done where nothing was
 * judged before.
 */
export async function evaluateControls(
  unit: Unit,
  options: EvaluateOptions & { onlyJudged?: boolean },
): Promise<void> {
  const { transaction, organizationId, now } = unit
  const recorded = await recordedVerdicts(unit, options.sourceId)
  if (options.onlyJudged && recorded.size === 0) return
  const inputs = await loadControlInputs(transaction, organizationId, { ...options, now })
  const { controls } = catalogue(inputs.catalogueVersion)
  const fingerprints = new Map(
    controls.map(control => [control.id, fingerprintInputs(control, inputs, options)]),
  )
  const due = controls.filter(({ id }) => {
    const row = recorded.get(id)
    const isSame = row !== undefined && row.inputs === fingerprints.get(id)
    return !isSame || row.changes.some(change => new Date(change.at) <= now) || alwaysJudged.has(id)
  })
  const judgements = await judgeControls(
    currentItems(unit, options.sourceId),
    inputs,
    { ...options, at: now },
    due.map(control => control.id),
  )
  for (const [controlId, judgement] of judgements) {
    const row = recorded.get(controlId)
    await record(unit, {
      controlId,
      sourceId: options.sourceId,
      connectionId: inputs.connection.id,
      catalogueVersion: inputs.catalogueVersion,
      inputs: fingerprints.get(controlId) ?? '',
      judgement,
      before: row?.text,
    })
  }
}

/** From this instant on nothing is known of the source's controls. */
export async function recordNoData(
  unit: Unit,
  { sourceId, connectionId }: { sourceId: string; connectionId: string },
): Promise<void> {
  const recorded = await recordedVerdicts(unit, sourceId)
  for (const [controlId, row] of recorded) {
    await record(unit, {
      controlId,
      sourceId,
      connectionId,
      catalogueVersion: row.catalogueVersion,
      inputs: revokedInputs(connectionId),
      judgement: judgeRevoked(),
      before: row.text,
    })
  }
}

/** A source's items as they stand in this transaction. */
export const currentItems = (
  { transaction, organizationId }: Pick<Unit, 'transaction' | 'organizationId'>,
  sourceId: string,
): JudgedItems => ({
  async eachAccount(companions, visit) {
    for await (const records of accountFacts(transaction, organizationId, sourceId, companions))
      visit(records)
  },
  bodies: kind => currentBodies(transaction, organizationId, sourceId, kind),
  signIns: since => currentSignIns(transaction, organizationId, sourceId, since),
})

/** Cheap to judge, and on more than fingerprints: the run's outcome and the feed's windows. */
const alwaysJudged: ReadonlySet<ControlId> = new Set<ControlId>(['AC-14', 'AC-16'])

interface RecordedVerdict {
  inputs: string
  catalogueVersion: number
  changes: readonly { at: string }[]
  /** Canonical text of what a new verdict is compared with. */
  text: string
}

async function recordedVerdicts(unit: Unit, sourceId: string): Promise<Map<ControlId, RecordedVerdict>> {
  const rows = await unit.transaction
    .select()
    .from(verdict)
    .where(and(isOpen(verdict, unit.organizationId), eq(verdict.sourceId, sourceId)))
  return new Map(
    rows.map(row => {
      // Both columns were written by this product from the event's checked payload.
      const controlId = row.controlId as ControlId
      const changes = row.changes as { at: string }[]
      const { inputs, catalogueVersion, connectionId, reasons } = row
      const text = canonicalText({ verdict: row.verdict, reasons, changes, inputs, connectionId })
      return [controlId, { inputs, catalogueVersion, changes, text }]
    }),
  )
}

async function record(
  unit: Unit,
  options: {
    controlId: string
    sourceId: string
    connectionId: string
    catalogueVersion: number
    inputs: string
    judgement: Judgement
    before: string | undefined
  },
) {
  const { controlId, sourceId, connectionId, catalogueVersion, inputs, judgement } = options
  const { verdict: judged, reasons, population } = judgement
  const changes = judgement.changes.map(change => ({ ...change, at: change.at.toISOString() }))
  if (canonicalText({ verdict: judged, reasons, changes, inputs, connectionId }) === options.before) return
  await unit.append({ type: 'control', id: controlStream(sourceId, controlId) }, 'any', [
    {
      type: 'ControlEvaluated',
      payload: {
        controlId,
        sourceId,
        connectionId,
        catalogueVersion,
        verdict: judged,
        reasons,
        population,
        inputs,
        changes,
        judgedAt: unit.now.toISOString(),
      },
    },
  ])
}
