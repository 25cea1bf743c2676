import { createTRPCClient, httpSubscriptionLink } from '@trpc/client'
import type { AppRouter } from '../../server/trpc/router.ts'

/** The browser's way to what goes on right now: subscriptions only, everything else comes with the page. */
export const live = createTRPCClient<AppRouter>({ links: [httpSubscriptionLink({ url: '/api/trpc' })] })

/** What a subscription tells while it is open, in the client's own words. */
export type Callbacks<T> = {
  onData(message: { id: string; data: T }): void
  onConnectionStateChange(change: { state: 'idle' | 'connecting' | 'pending'; error: unknown }): void
  onError(): void
  onComplete(): void
}

/**
 * Keeps a subscription open until the returned function is called. One that breaks is opened again where it left off,
 * by the browser itself or, where that gives up (a proxy answered, not the server), from here, ever later up to half a
 * minute. One that the server ended is opened again at once where it is `isEndless`.
 */
export function follow<T>(
  open: (lastEventId: string | null, callbacks: Callbacks<T>) => { unsubscribe(): void },
  { isEndless, onData, onLost, onEnd }: FollowOptions<T>,
): () => void {
  let seen: string | null = null
  let failures = 0
  let isOver = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let current: { unsubscribe(): void } | undefined
  const begin = () => {
    current = open(seen, {
      onData({ id, data }) {
        seen = id
        failures = 0
        onData(data)
      },
      onConnectionStateChange({ state, error }) {
        if (state === 'connecting' && error) onLost?.()
      },
      onError() {
        onLost?.()
        failures += 1
        again(Math.min(1_000 * 2 ** (failures - 1), longestPause))
      },
      onComplete() {
        if (isEndless) again(0)
        else onEnd?.()
      },
    })
  }
  const again = (milliseconds: number) => {
    if (!isOver) timer = setTimeout(begin, milliseconds)
  }
  begin()
  return () => {
    isOver = true
    clearTimeout(timer)
    current?.unsubscribe()
  }
}

type FollowOptions<T> = {
  isEndless: boolean
  onData(data: T): void
  /** The connection broke; it is being made again. */
  onLost?(): void
  /** The server has told everything. */
  onEnd?(): void
}

const longestPause = 30_000
