import { and, asc, eq, gte, inArray, lte } from 'drizzle-orm'
import { events, evidence } from '../../db/schema/ledger.ts'
import { type AssessmentState, type Candidate, requireWithin } from '../domain/assessment/assessment.ts'
import { evidenceKind, kindNamed } from '../domain/evidence/kinds.ts'
import { minuteWords } from '../domain/minute-words.ts'
import { AppError, notFound } from '../errors.ts'
import { type KindState, kindStates } from '../evidence/queries/kind-states.ts'
import { listSources } from '../evidence/queries/sources.ts'
import { derivedId } from '../ledger/ids.ts'
import type { Unit } from '../ledger/ledger.ts'
import { lastPositionAt } from '../ledger/position-at.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { commandAssessment, loadAssessment } from './assessment-stream.ts'

type Actor = Pick<Access, 'organizationId' | 'userId'>
type Attaching = Pick<Services, 'ledger' | 'connectors'>

/** What came of attaching, and of what there was nothing to attach. */
export interface AttachResult {
  attached: number
  /** Kinds that the controls rest on and that nothing fresh enough was held of, by moment. */
  missing: { instant: Date; kind: string; title: string }[]
}

/**
 * Attaches everything that was in force at instants of the period, of the kinds that the controls in scope rest on.
 * What had expired by then was no longer evidence of it. `windows`: each window of the feeds in the period as well.
 * @throws {AppError} not_found; bad_input for an instant to come; precondition_failed outside the period
 */
export async function attachCurrent(
  { ledger, connectors }: Attaching,
  { organizationId, userId }: Actor,
  asked: { assessmentId: string; instants: readonly Date[]; windows: boolean },
): Promise<AttachResult> {
  return ledger.command(organizationId, `user:${userId}`, async unit => {
    const loaded = await loadAssessment(unit, asked.assessmentId)
    const { state } = loaded
    const missing: AttachResult['missing'] = []
    const candidates: Candidate[] = []
    for (const instant of asked.instants) {
      requirePast(unit, instant)
      requireWithin(state, instant.toISOString())
      const position = await lastPositionAt(unit.transaction, organizationId, instant)
      for (const { kind, title, sourceId, evidence } of await statesAt(
        connectors,
        unit,
        { instant, position },
        state,
      )) {
        if (evidence)
          candidates.push(candidateOf({ ...evidence, sourceId, kind }, { instant, position }, state))
        else missing.push({ instant, kind, title })
      }
    }
    if (asked.windows) candidates.push(...(await windowsIn(unit, state)))
    const recorded = await commandAssessment(unit, loaded, { type: 'attach', evidence: unique(candidates) })
    return { attached: recorded.length, missing }
  })
}

/**
 * Attaches one row of evidence, as of an instant at which it was in force, or else of when it was attached to the ledger.
 * @throws {AppError} not_found for a row that is none of the organization's; bad_input where it was not in force then
 */
export async function attachEvidence(
  { ledger, connectors }: Attaching,
  { organizationId, userId }: Actor,
  asked: { assessmentId: string; evidenceId: string; instant: Date | null },
): Promise<AttachResult> {
  return ledger.command(organizationId, `user:${userId}`, async unit => {
    const loaded = await loadAssessment(unit, asked.assessmentId)
    const row = await evidenceRow(unit, asked.evidenceId)
    const instant = asked.instant ?? row.recordedAt
    requirePast(unit, instant)
    const position = await lastPositionAt(unit.transaction, organizationId, instant)
    if (asked.instant && !(await isInForce(connectors, unit, row, { instant, position }))) {
      throw new AppError('bad_input', 'the evidence was not in force then', {
        fields: {
          instant: `This evidence was not in force on ${minuteWords(instant)}: another row was, or none.`,
        },
      })
    }
    const candidate = candidateOf(row, { instant, position }, loaded.state)
    const recorded = await commandAssessment(unit, loaded, { type: 'attach', evidence: [candidate] })
    return { attached: recorded.length, missing: [] }
  })
}

interface Moment {
  instant: Date
  position: number
}

type Row = Pick<Candidate, 'sourceId' | 'kind' | 'fingerprint' | 'itemCount'> & { id: string }

/** An attachment has the id of what it attaches: the same row at the same moment is one. */
function candidateOf(row: Row, { instant, position }: Moment, { assessmentId }: AssessmentState): Candidate {
  const { id: evidenceId, sourceId, kind, fingerprint, itemCount } = row
  return {
    attachmentId: derivedId('attachment', assessmentId, evidenceId, position),
    evidenceId,
    sourceId,
    kind,
    fingerprint,
    itemCount,
    instant: instant.toISOString(),
    position,
  }
}

const unique = (candidates: readonly Candidate[]) => [
  ...new Map(candidates.map(candidate => [candidate.attachmentId, candidate])).values(),
]

/** Every kind that the assessment needs, of every directory that was connected then; expired evidence is left out. */
async function statesAt(
  connectors: Services['connectors'],
  { transaction, organizationId }: Unit,
  { instant, position }: Moment,
  { kinds }: AssessmentState,
): Promise<(Pick<KindState, 'kind' | 'title' | 'evidence'> & { sourceId: string })[]> {
  const found = []
  const asOf = { instant, position, isNow: false }
  for (const source of await listSources({ connectors }, transaction, organizationId, position)) {
    const needed = { ...source, kinds: source.kinds.filter(kind => kinds.includes(kind)) }
    for (const state of await kindStates(transaction, organizationId, needed, asOf)) {
      const isHeld = state.freshness === 'fresh' || state.freshness === 'stale'
      const { kind, title, evidence } = state
      found.push({ kind, title, evidence: isHeld ? evidence : null, sourceId: source.sourceId })
    }
  }
  return found
}

async function isInForce(
  connectors: Services['connectors'],
  unit: Unit,
  row: Row,
  moment: Moment,
): Promise<boolean> {
  const { transaction, organizationId } = unit
  const sources = await listSources({ connectors }, transaction, organizationId, moment.position)
  const source = sources.find(({ sourceId }) => sourceId === row.sourceId)
  if (!source) return false
  const asked = { ...source, kinds: [row.kind] }
  const [state] = await kindStates(transaction, organizationId, asked, { ...moment, isNow: false })
  return state?.evidence?.id === row.id
}

/** The windows of the feeds that lie in the period and were attached to the ledger within it, the earliest first. */
async function windowsIn(
  { transaction, organizationId }: Unit,
  state: AssessmentState,
): Promise<Candidate[]> {
  const feeds = state.kinds.filter(kind => evidenceKind(kind).mode === 'feed')
  const rows = await selectEvidence(transaction, organizationId)
    .where(
      and(
        eq(evidence.organizationId, organizationId),
        inArray(evidence.kind, feeds),
        gte(evidence.windowFrom, new Date(state.periodFrom)),
        lte(events.recordedAt, new Date(state.periodTo)),
      ),
    )
    .orderBy(asc(evidence.position))
  return rows.flatMap(row => {
    const { recordedAt: instant, position } = row
    const known = rowOf(row)
    return known ? [candidateOf(known, { instant, position }, state)] : []
  })
}

async function evidenceRow({ transaction, organizationId }: Unit, id: string) {
  const [row] = await selectEvidence(transaction, organizationId).where(
    and(eq(evidence.organizationId, organizationId), eq(evidence.id, id)),
  )
  const known = row && rowOf(row)
  if (!row || !known) throw notFound('evidence')
  return { ...known, recordedAt: row.recordedAt }
}

const selectEvidence = (transaction: Unit['transaction'], organizationId: string) =>
  transaction
    .select({
      id: evidence.id,
      sourceId: evidence.sourceId,
      kind: evidence.kind,
      fingerprint: evidence.fingerprint,
      itemCount: evidence.itemCount,
      position: evidence.position,
      recordedAt: events.recordedAt,
    })
    .from(evidence)
    .innerJoin(events, and(eq(events.organizationId, organizationId), eq(events.position, evidence.position)))

function rowOf(row: { id: string; sourceId: string; kind: string; fingerprint: Buffer; itemCount: number }) {
  const kind = kindNamed(row.kind)
  return kind && { ...row, kind, fingerprint: row.fingerprint.toString('hex') }
}

function requirePast({ now }: Unit, instant: Date): void {
  if (instant <= now) return
  throw new AppError('bad_input', 'an instant to come', {
    fields: {
      instants: `Nothing is known of ${minuteWords(instant)} yet. Choose instants that have passed.`,
    },
  })
}
