import type { Caller } from '../../../server/trpc/router.ts'

/** What the procedures about reviews answer. */
export type ChangesData = Awaited<ReturnType<Caller['reviews']['changes']>>
export type SignInsData = Awaited<ReturnType<Caller['reviews']['signIns']>>
export type GuestsData = Awaited<ReturnType<Caller['reviews']['guests']>>

/** What there is to review on a page. */
export type ReviewsData =
  | ({ of: 'changes' } & ChangesData)
  | ({ of: 'sign_ins' } & SignInsData)
  | ({ of: 'guests' } & GuestsData)
