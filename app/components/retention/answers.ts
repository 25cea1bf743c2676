import type { Caller } from '../../../server/trpc/router.ts'

export type RetentionData = Awaited<ReturnType<Caller['retention']['show']>>
export type RetentionPreview = Awaited<ReturnType<Caller['retention']['preview']>>
