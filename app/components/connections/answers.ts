import type { Caller } from '../../../server/trpc/router.ts'

/** What the procedures answer, as the pages hand it to their parts. */
export type ConnectorCard = Awaited<ReturnType<Caller['connectors']['card']>>
export type ListedConnector = Awaited<ReturnType<Caller['connectors']['list']>>[number]
export type ConnectionList = Awaited<ReturnType<Caller['connections']['list']>>
export type Connection = ConnectionList['connections'][number]
export type ConnectionPage = Awaited<ReturnType<Caller['connections']['get']>>
export type RunPage = Awaited<ReturnType<Caller['connections']['runs']>>
export type Run = RunPage['runs'][number]
export type Outcome = Awaited<ReturnType<Caller['connections']['complete']>>
export type Refused = Extract<Outcome, { outcome: 'refused' }>
