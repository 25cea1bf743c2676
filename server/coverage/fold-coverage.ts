import type { Catalogue } from '../domain/control/definition.ts'
import { judgeRevoked } from '../domain/control/rules/missing-evidence.ts'
import type { TimedVerdict } from '../domain/control/verdict.ts'
import { type Coverage, coverage } from '../domain/coverage/coverage.ts'
import type { EventPayload } from '../domain/events.ts'
import { type EvidenceKind, evidenceKinds } from '../domain/evidence/kinds.ts'
import { isSettledAsUnlicensed } from '../domain/run/outcome.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'

interface FoldedKind {
  lastSuccessAt: Date | null
  licenceAnswers: number
  isSettledUnavailable: boolean
}

interface FoldedSource {
  connectionId: string
  connector: string
  cloud: string
  isRevoked: boolean
  kinds: Map<EvidenceKind, FoldedKind>
  /** With the connection that each was recorded of. */
  verdicts: Map<string, TimedVerdict & { connectionId: string }>
}

export interface FoldOptions {
  catalogue: Catalogue
  at: Date
  /** Kinds that a connector does not find in a cloud. */
  absentKinds(connector: string, cloud: string): readonly EvidenceKind[]
}

/**
 * Coverage from events alone, oldest first: the reference that the projections are held to. Only events that were
 * recorded at or before the asked instant may be given.
 */
export function foldCoverage(events: Iterable<RecordedEvent>, options: FoldOptions): Coverage {
  const sources = new Map<string, FoldedSource>()
  for (const event of events) evolve(sources, event)
  const { catalogue, at, absentKinds } = options
  return coverage({
    catalogue,
    at,
    sources: [...sources].map(([sourceId, source]) => ({
      sourceId,
      evidence: evidenceKinds.map(kind => ({
        kind,
        lastSuccessAt: source.kinds.get(kind)?.lastSuccessAt ?? null,
        isSettledUnavailable:
          absentKinds(source.connector, source.cloud).includes(kind) ||
          source.kinds.get(kind)?.isSettledUnavailable === true,
      })),
      verdicts: source.isRevoked
        ? catalogue.controls.map(control => ({ controlId: control.id, ...judgeRevoked() }))
        : [...source.verdicts]
            .filter(([, verdict]) => verdict.connectionId === source.connectionId)
            .map(([controlId, verdict]) => ({ controlId, ...verdict })),
    })),
  })
}

function evolve(sources: Map<string, FoldedSource>, event: RecordedEvent): void {
  switch (event.type) {
    case 'ConnectionConnected': {
      const { sourceId, connectionId, connector, cloud } = event.payload
      const known = sources.get(sourceId)
      sources.set(sourceId, {
        kinds: known?.kinds ?? new Map(),
        verdicts: known?.verdicts ?? new Map(),
        connectionId,
        connector,
        cloud,
        isRevoked: false,
      })
      break
    }
    case 'ConnectionRevoked': {
      const source = sources.get(event.payload.sourceId)
      if (source?.connectionId === event.payload.connectionId) source.isRevoked = true
      break
    }
    case 'EvidenceAttached':
    case 'EvidenceReaffirmed': {
      const succeeded = { lastSuccessAt: event.recordedAt, licenceAnswers: 0, isSettledUnavailable: false }
      sources.get(event.payload.sourceId)?.kinds.set(event.payload.kind, succeeded)
      break
    }
    case 'EvidenceUnavailable': {
      const kinds = sources.get(event.payload.sourceId)?.kinds
      kinds?.set(event.payload.kind, unavailable(event.payload, kinds.get(event.payload.kind)))
      break
    }
    case 'ControlEvaluated': {
      const { controlId, sourceId, connectionId, verdict, reasons, changes } = event.payload
      const timed = changes.map(change => ({ ...change, at: new Date(change.at) }))
      sources.get(sourceId)?.verdicts.set(controlId, { connectionId, verdict, reasons, changes: timed })
      break
    }
    default:
  }
}

function unavailable(
  { reason }: EventPayload<'EvidenceUnavailable'>,
  before: FoldedKind | undefined,
): FoldedKind {
  const lastSuccessAt = before?.lastSuccessAt ?? null
  const licenceAnswers = reason === 'licence' ? (before?.licenceAnswers ?? 0) + 1 : 0
  const history = { hasEverSucceeded: lastSuccessAt !== null, licenceAnswers }
  return { lastSuccessAt, licenceAnswers, isSettledUnavailable: isSettledAsUnlicensed(reason, history) }
}
