import { useRevalidator } from '@remix-run/react'
import { useCallback, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { ClockContext } from '../../lib/clock.ts'
import { formatCount } from '../../lib/format.ts'
import { subscribe } from '../../lib/live.ts'
import { LIVE_OFF, type LiveState } from '../../lib/live-state.ts'
import { followTogether } from '../../lib/live-together.ts'

export type FollowedLedger = {
  organization: string
  /** The newest position that the page was made of. */
  position: number
  /** Not while looking back: the past does not change. */
  isFollowed: boolean
}

/**
 * Loads the page anew whenever something was recorded, and says how the connection is. What the page shows is always what
 * its own procedures answer, by their rules; the stream tells when to ask. A page that nobody sees waits, and goes on
 * where it stopped.
 */
export function useFollowedLedger({ organization, position, isFollowed }: FollowedLedger) {
  const [state, setState] = useState<LiveState>(LIVE_OFF)
  const [announcement, setAnnouncement] = useState('')
  const isVisible = useSyncExternalStore(watchVisibility, isPageVisible, () => false)
  const reload = useReload()
  const known = useRef(position)
  const alerts = useRef<number | null>(null)
  const offset = useRef(0)
  offset.current = useContext(ClockContext)?.offset ?? 0

  useEffect(() => {
    if (!isFollowed) return setState(LIVE_OFF)
    if (!isVisible) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = followTogether<News>(
      `ledger ${organization}`,
      (lastEventId, callbacks) =>
        subscribe('ledger.follow', { organization, after: known.current, lastEventId }, callbacks),
      {
        isEndless: true,
        onData(news) {
          if (news.position > known.current) {
            reload()
            known.current = news.position
            setAnnouncement(wordsOf(news, alerts.current))
          }
          alerts.current = news.openAlerts
          if (news.position < news.head) return
          setState(({ connection }) => ({
            connection: connection === 'lost' || connection === 'caught_up' ? 'caught_up' : 'live',
            since: null,
          }))
          clearTimeout(timer)
          timer = setTimeout(() => setState(toLive), CAUGHT_UP_SHOWN)
        },
        onLost() {
          clearTimeout(timer)
          const since = new Date(Date.now() + offset.current)
          setState(was => (was.connection === 'lost' ? was : { connection: 'lost', since }))
        },
      },
    )
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [organization, isFollowed, isVisible, reload])
  return { ...state, announcement }
}

const CAUGHT_UP_SHOWN = 4_000

const toLive = (was: LiveState): LiveState =>
  was.connection === 'caught_up' ? { connection: 'live', since: null } : was

type News = { position: number; head: number; openAlerts: number; events: readonly { words: string }[] }

/** What those hear who do not see the page change. */
function wordsOf({ events, openAlerts }: News, before: number | null): string {
  const newest = events.at(-1)
  if (!newest) return ''
  const recorded = events.length === 1 ? newest.words : `${formatCount(events.length, 'event')} recorded.`
  return before !== null && openAlerts !== before
    ? `${recorded} ${formatCount(openAlerts, 'alert')} open now.`
    : recorded
}

/** A sync records much at once: one load answers for all that came with it, and the next follows after a while. */
function useReload(): () => void {
  const { revalidate } = useRevalidator()
  const timer = useRef<ReturnType<typeof setTimeout>>()
  const loadedAt = useRef(0)
  useEffect(() => () => clearTimeout(timer.current), [])
  return useCallback(() => {
    if (timer.current !== undefined) return
    const wait = Math.max(SETTLING, loadedAt.current + BETWEEN_LOADS - Date.now())
    timer.current = setTimeout(() => {
      timer.current = undefined
      loadedAt.current = Date.now()
      revalidate()
    }, wait)
  }, [revalidate])
}

const SETTLING = 300
const BETWEEN_LOADS = 3_000

const isPageVisible = () => document.visibilityState === 'visible'

function watchVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener)
  return () => document.removeEventListener('visibilitychange', listener)
}
