import { type EvidenceKind, evidenceKind } from '../evidence/kinds.ts'

export const freshnessStates = ['fresh', 'stale', 'expired', 'never'] as const
export type Freshness = (typeof freshnessStates)[number]

/**
 * How old the evidence of a kind is at an instant. Exactly at a threshold it is still what it was. A success after
 * the asked instant is not known at that instant.
 */
export function freshness(kind: EvidenceKind, lastSuccessAt: Date | null, at: Date): Freshness {
  if (lastSuccessAt === null || lastSuccessAt > at) return 'never'
  const { staleAfter, expiredAfter } = evidenceKind(kind)
  const age = at.getTime() - lastSuccessAt.getTime()
  if (age <= staleAfter) return 'fresh'
  return age <= expiredAfter ? 'stale' : 'expired'
}

/** One kind of one source: its last success, and whether the source settled that the kind does not come from it. */
export interface KindEvidence {
  readonly kind: EvidenceKind
  readonly lastSuccessAt: Date | null
  /** True where there is no licence for it, or the source's cloud does not offer it: then its age says nothing. */
  readonly isSettledUnavailable: boolean
}

/**
 * A control is as fresh as its oldest required evidence. A kind that the source does not offer asks for nothing;
 * where it offers none of the required kinds, there was never any evidence.
 */
export function controlFreshness(
  required: readonly EvidenceKind[],
  evidence: readonly KindEvidence[],
  at: Date,
): Freshness {
  const states = required.flatMap(kind => {
    const known = evidence.find(each => each.kind === kind)
    if (known?.isSettledUnavailable === true) return []
    return [freshness(kind, known?.lastSuccessAt ?? null, at)]
  })
  return oldest(states)
}

/** The worst of several; of none, never. */
export function oldest(states: readonly Freshness[]): Freshness {
  return freshnessStates.findLast(state => states.includes(state)) ?? 'never'
}
