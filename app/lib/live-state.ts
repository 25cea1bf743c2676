import { createContext, useContext } from 'react'

/**
 * Whether a page follows what is recorded. `off`: it shows the past, or nothing runs in the browser. `lost`: what is shown
 * is of `since`, and the connection is being made again. `caught_up`: it was, and nothing is missing.
 */
export type LiveState = { connection: 'off' | 'live' | 'lost' | 'caught_up'; since: Date | null }

export const LIVE_OFF: LiveState = { connection: 'off', since: null }

export const LiveContext = createContext<LiveState>(LIVE_OFF)

/** How the page below is connected. */
export const useLiveState = (): LiveState => useContext(LiveContext)
