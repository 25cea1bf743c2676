import type { Caller } from '../../../server/trpc/router.ts'

/** What the procedures answer, as the pages hand it to their parts. */
export type AlertList = Awaited<ReturnType<Caller['alerts']['list']>>
export type ListedAlert = AlertList['open'][number]
export type AlertChannels = Awaited<ReturnType<Caller['alerts']['channels']>>
export type ChannelWebhook = AlertChannels['webhooks'][number]
