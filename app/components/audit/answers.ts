import type { Caller } from '../../../server/trpc/router.ts'

/** What the procedures about the ledger answer. */
export type EventsData = Awaited<ReturnType<Caller['ledger']['events']>>
export type EventDetailData = Awaited<ReturnType<Caller['ledger']['event']>>
export type HeadData = Awaited<ReturnType<Caller['ledger']['head']>>
export type StopsData = Awaited<ReturnType<Caller['ledger']['stops']>>['stops']
export type InclusionData = Awaited<ReturnType<Caller['ledger']['inclusion']>>
export type CheckpointsData = Awaited<ReturnType<Caller['ledger']['checkpoints']>>
export type CheckpointComparisonData = Awaited<ReturnType<Caller['ledger']['compareCheckpoint']>>
export type VerificationData = Awaited<ReturnType<Caller['ledger']['verification']>>['verifications'][number]
export type EventData = EventsData['events'][number]
export type ComparisonData = Awaited<ReturnType<Caller['ledger']['compare']>>
