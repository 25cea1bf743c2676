import { type ReactNode, useMemo } from 'react'
import { LiveContext } from '../../lib/live-state.ts'
import { LiveLine } from './live-line.tsx'
import { type FollowedLedger, useFollowedLedger } from './use-followed-ledger.ts'

/** Keeps the pages below as they are now: what is recorded shows by itself, and a connection that breaks is told. */
export function LiveProvider({ children, ...followed }: FollowedLedger & { children: ReactNode }) {
  const { connection, since, announcement } = useFollowedLedger(followed)
  const state = useMemo(() => ({ connection, since }), [connection, since])
  return (
    <LiveContext.Provider value={state}>
      {children}
      <LiveLine state={state} announcement={announcement} />
    </LiveContext.Provider>
  )
}
