import type { Caller } from '../../../server/trpc/router.ts'

/** What the procedures about retention and erasure answer. */
export type RetentionData = Awaited<ReturnType<Caller['retention']['show']>>
export type RetentionPreview = Awaited<ReturnType<Caller['retention']['preview']>>
export type ErasureData = Awaited<ReturnType<Caller['erasures']['list']>>
export type FoundPeople = Awaited<ReturnType<Caller['erasures']['find']>>['people']
export type ErasurePreview = Awaited<ReturnType<Caller['erasures']['preview']>>
export type DeletionData = Awaited<ReturnType<Caller['organizations']['deletion']>>
