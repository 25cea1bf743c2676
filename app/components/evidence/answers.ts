import type { Caller } from '../../../server/trpc/router.ts'

/** What the procedures about evidence answer. */
export type EvidenceListData = Awaited<ReturnType<Caller['evidence']['list']>>
export type KindData = Awaited<ReturnType<Caller['evidence']['kind']>>
export type PopulationData = Awaited<ReturnType<Caller['evidence']['population']>>
export type EvidenceData = Awaited<ReturnType<Caller['evidence']['get']>>['evidence']

export type KindStateData = KindData['state']
export type EvidenceKindName = KindStateData['kind']
export type SummaryData = EvidenceData['summary']
