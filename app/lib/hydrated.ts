import { useSyncExternalStore } from 'react'

const subscribe = () => () => undefined

/** False on the server and while the page wakes up, true from then on: what needs JavaScript appears only with it. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => true,
    () => false,
  )
}
