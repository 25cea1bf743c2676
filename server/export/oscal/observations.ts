import { type EvidenceKind, evidenceKind } from '../../domain/evidence/kinds.ts'
import type { KindState } from '../../evidence/queries/kind-states.ts'
import type { SourceEvidence } from '../../evidence/queries/list-evidence.ts'
import type { Findings } from '../findings.ts'
import { madeByTool } from './components.ts'
import type { IdMaker } from './identifiers.ts'
import { properties } from './properties.ts'

/** A kind of evidence as it was held of one directory. */
export interface EvidenceObservation {
  readonly kind: EvidenceKind
  readonly sourceId: string
  readonly uuid: string
  readonly observation: object
}

/** One observation for each kind of evidence that was ever collected. */
export const evidenceObservations = (findings: Findings, id: IdMaker): EvidenceObservation[] =>
  findings.evidence.flatMap(source =>
    source.kinds.flatMap(state => {
      const observation = observationOf(findings, id, source, state)
      return observation ? [{ kind: state.kind, sourceId: source.sourceId, ...observation }] : []
    }),
  )

function observationOf({ labels }: Findings, id: IdMaker, source: SourceEvidence, state: KindState) {
  const { kind, title, mode, freshness, lastSuccessAt, staleAt, expiredAt, evidence } = state
  const { sourceId } = source
  if (!lastSuccessAt || !expiredAt || !staleAt || !evidence) return null
  const uuid = id('evidence', sourceId, kind)
  const held = `${state.populationCount} ${evidenceKind(kind).itemName[state.populationCount === 1 ? 0 : 1]}`
  const observation = {
    uuid,
    title: `${title} of ${labels.get(sourceId) ?? source.externalTenantId}`,
    description:
      mode === 'feed'
        ? `${held} collected, window by window. The newest window has the fingerprint ${evidence.fingerprint}.`
        : `${held}, read whole. Their fingerprint, an RFC 6962 root with SHA-256, is ${evidence.fingerprint}.`,
    props: properties({
      'evidence-id': evidence.id,
      fingerprint: evidence.fingerprint,
      'ledger-position': evidence.position,
      freshness,
      'stale-after': staleAt.toISOString(),
    }),
    methods: ['EXAMINE'],
    types: ['control-objective'],
    origins: madeByTool(id),
    subjects: [{ 'subject-uuid': sourceId, type: 'component' }],
    'relevant-evidence': [
      {
        href: `../populations/${kind}-${sourceId}.csv`,
        description: 'Who and what was in the population at the end, with its provenance.',
      },
    ],
    collected: lastSuccessAt.toISOString(),
    expires: expiredAt.toISOString(),
  }
  return { uuid, observation }
}
