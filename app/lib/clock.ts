import { createContext, useContext, useSyncExternalStore } from 'react'

/**
 * What "now" is on a page: the server's instant when the page was made, and in the browser how far its own clock is
 * from it. A frozen clock does not tick (looking back).
 */
export type PageClock = { renderedAt: Date; offset: number; isFrozen: boolean }

export const ClockContext = createContext<PageClock | null>(null)

/**
 * The page's now, rounded down to `granularity` milliseconds so that a component wakes up no more often than its text
 * changes. Null outside a clock (an error page): show absolute times there.
 */
export function useNow(granularity = 60_000): Date | null {
  const clock = useContext(ClockContext)
  const tick = useSyncExternalStore(
    subscribe,
    () => Math.floor((Date.now() + (clock?.offset ?? 0)) / granularity) * granularity,
    () => null,
  )
  if (!clock) return null
  if (clock.isFrozen || tick === null) return clock.renderedAt
  return new Date(Math.max(tick, clock.renderedAt.getTime()))
}

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** One timer for all times on a page. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    for (const wake of listeners) wake()
  }, 1_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}
