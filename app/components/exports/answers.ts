import type { Caller } from '../../../server/trpc/router.ts'

/** What the procedures about exports answer. */
export type ExportsData = Awaited<ReturnType<Caller['exports']['list']>>
export type ListedExport = ExportsData['exports'][number]
export type ExportData = Awaited<ReturnType<Caller['exports']['get']>>
export type ExportPart = ExportData['parts'][number]
