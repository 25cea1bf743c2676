import type { Database } from '../../db/client.ts'
import { progressChannel } from './progress.ts'

interface Feed {
  readonly listeners: Map<string, Set<() => void>>
}

/** One LISTEN per process, however many pages watch. */
const feeds = new WeakMap<Database, Promise<Feed>>()

/**
 * Yields once at the beginning and then whenever a run of the connection may have moved on; notices that come close
 * together become one. Ends with the signal. Every `interval` milliseconds it yields without a notice as well: one can
 * be lost while the listening connection is made anew.
 */
export async function* watchConnection(
  database: Database,
  key: { organizationId: string; connectionId: string },
  signal: AbortSignal,
  interval = 5_000,
): AsyncGenerator<void> {
  const { listeners } = await feedOf(database)
  const topic = `${key.organizationId}:${key.connectionId}`
  let isDue = true
  let wake = () => {}
  const notice = () => {
    isDue = true
    wake()
  }
  const own = listeners.get(topic) ?? new Set()
  listeners.set(topic, own.add(notice))
  const timer = setInterval(notice, interval)
  signal.addEventListener('abort', notice, { once: true })
  try {
    while (!signal.aborted) {
      if (isDue) {
        isDue = false
        yield
      } else {
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
    }
  } finally {
    clearInterval(timer)
    signal.removeEventListener('abort', notice)
    own.delete(notice)
    if (own.size === 0) listeners.delete(topic)
  }
}

function feedOf(database: Database): Promise<Feed> {
  const known = feeds.get(database)
  if (known) return known
  const opened = openFeed(database)
  feeds.set(database, opened)
  // The next page to watch tries again.
  opened.catch(() => feeds.delete(database))
  return opened
}

async function openFeed(database: Database): Promise<Feed> {
  const listeners: Feed['listeners'] = new Map()
  await database.listen(progressChannel, payload => {
    const topic = payload.slice(0, payload.lastIndexOf(':'))
    for (const notice of listeners.get(topic) ?? []) notice()
  })
  return { listeners }
}
