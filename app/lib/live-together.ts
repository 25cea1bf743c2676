import { type FollowOptions, follow, type Open } from './live.ts'

type Told<T> = { tells: 'data'; id: string; data: T } | { tells: 'lost' } | { tells: 'end' }

/** Between the pages of a browser: what the stream told, the question of who came later, and the answer. */
type Message<T> = Told<T> | { tells: 'hello' } | { tells: 'newest'; told: Told<T> }

/**
 * Keeps a subscription open as {@link follow} does, but one for all pages of this browser that give the same `name`: a
 * browser keeps six connections to a server, and a seventh page would wait for its own for ever. The page that has the
 * lock of that name holds the stream and tells the others; when it goes, the next one goes on after what it heard last. A
 * page that comes later hears the newest message at once. Where there are no locks (an origin without TLS) each page has
 * a stream of its own.
 */
export function followTogether<T>(name: string, open: Open<T>, options: FollowOptions<T>): () => void {
  if (!globalThis.navigator?.locks) return follow(open, options)
  const channel = new BroadcastChannel(name)
  const over = new AbortController()
  const { signal } = over
  let isHolder = false
  let seen: string | null = null
  let newest: Told<T> | null = null

  const hear = (told: Told<T>) => {
    newest = told
    if (told.tells === 'lost') options.onLost?.()
    else if (told.tells === 'end') options.onEnd?.()
    else {
      seen = told.id
      options.onData(told.data, told.id)
    }
  }
  const say = (message: Message<T>) => channel.postMessage(message)
  const tell = (told: Told<T>) => {
    say(told)
    hear(told)
  }
  channel.onmessage = ({ data: message }: MessageEvent<Message<T>>) => {
    if (message.tells === 'hello') {
      if (isHolder && newest) say({ tells: 'newest', told: newest })
    } else if (message.tells !== 'newest') hear(message)
    else if (!newest) hear(message.told)
  }
  say({ tells: 'hello' })
  const hold = () =>
    new Promise<void>(release => {
      isHolder = true
      const stop = follow<T>((lastEventId, callbacks) => open(lastEventId ?? seen, callbacks), {
        isEndless: options.isEndless,
        onData: (data, id) => tell({ tells: 'data', id, data }),
        onLost: () => tell({ tells: 'lost' }),
        onEnd: () => tell({ tells: 'end' }),
      })
      signal.addEventListener('abort', () => {
        stop()
        release()
      })
    })
  // Refused when it is over before its turn came.
  navigator.locks.request(name, { signal }, hold).catch(() => undefined)
  return () => {
    over.abort()
    channel.close()
  }
}
