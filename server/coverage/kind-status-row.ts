import type { kindStatus } from '../../db/schema/state.ts'

/** What a run found of a kind, as it is stored. */
export type KindStatusRow = typeof kindStatus.$inferSelect
