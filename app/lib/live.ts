import type { inferRouterInputs } from '@trpc/server'
import type { AppRouter } from '../../server/trpc/router.ts'

type Inputs = inferRouterInputs<AppRouter>

/** What can be followed, with what each one asks for. Everything else comes with the page. */
type Subscriptions = {
  'ledger.follow': Inputs['ledger']['follow']
  'connections.progress': Inputs['connections']['progress']
}

/**
 * The browser's way to what goes on right now: a stream of events as tRPC sends it. The browser's own reader is all it
 * takes; tRPC's client weighs fifteen times as much, on every page.
 */
export function subscribe<Path extends keyof Subscriptions, T>(
  path: Path,
  input: Subscriptions[Path],
  callbacks: Callbacks<T>,
): { unsubscribe(): void } {
  const query = new URLSearchParams({ input: JSON.stringify(input) })
  const source = new EventSource(`/api/trpc/${path}?${query}`)
  source.onmessage = ({ data, lastEventId }) => callbacks.onData({ id: lastEventId, data: JSON.parse(data) })
  source.onerror = () => {
    // Otherwise the browser connects again by itself, from the last event that it saw.
    if (source.readyState === EventSource.CLOSED) callbacks.onError()
    else callbacks.onReconnecting()
  }
  const endWith = (tell: () => void) => () => {
    source.close()
    tell()
  }
  source.addEventListener('serialized-error', endWith(callbacks.onError))
  source.addEventListener('return', endWith(callbacks.onComplete))
  return { unsubscribe: () => source.close() }
}

/** What a subscription tells while it is open. */
export type Callbacks<T> = {
  onData(message: { id: string; data: T }): void
  onReconnecting(): void
  onError(): void
  onComplete(): void
}

/**
 * Keeps a subscription open until the returned function is called. One that breaks is opened again where it left off,
 * by the browser itself or, where that gives up (a proxy answered, not the server), from here, ever later up to half a
 * minute. One that the server ended is opened again at once where it is `isEndless`.
 */
export function follow<T>(open: Open<T>, { isEndless, onData, onLost, onEnd }: FollowOptions<T>): () => void {
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
        onData(data, id)
      },
      onReconnecting() {
        onLost?.()
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

/** Opens a subscription where the last one left off. */
export type Open<T> = (lastEventId: string | null, callbacks: Callbacks<T>) => { unsubscribe(): void }

export type FollowOptions<T> = {
  isEndless: boolean
  onData(data: T, id: string): void
  /** The connection broke; it is being made again. */
  onLost?(): void
  /** The server has told everything. */
  onEnd?(): void
}

const longestPause = 30_000
