import { useRevalidator } from '@remix-run/react'
import { useEffect, useState } from 'react'
import { subscribe } from '../../lib/live.ts'
import { followTogether } from '../../lib/live-together.ts'
import type { ConnectionPage } from './answers.ts'

export type SyncView = { state: 'waiting' | 'running' | 'ended'; kinds: ConnectionPage['progress'] }

/**
 * Follows the run after `afterRun` while `isFollowed`, and loads the page anew when it has ended. Null where nothing is
 * followed, and until the first word comes.
 */
export function useSyncProgress({ organization, connectionId, afterRun, isFollowed }: SyncProgressOptions) {
  const [view, setView] = useState<SyncView | null>(null)
  const { revalidate } = useRevalidator()
  useEffect(() => {
    if (!isFollowed) return
    const stop = followTogether<SyncView>(
      `progress ${organization} ${connectionId} ${afterRun}`,
      (lastEventId, callbacks) =>
        subscribe('connections.progress', { organization, connectionId, afterRun, lastEventId }, callbacks),
      {
        isEndless: false,
        onData(data) {
          setView(data)
          if (data.state === 'ended') revalidate()
        },
        onEnd: revalidate,
      },
    )
    return () => {
      stop()
      setView(null)
    }
  }, [organization, connectionId, afterRun, isFollowed, revalidate])
  return view
}

type SyncProgressOptions = {
  organization: string
  connectionId: string
  afterRun: string | null
  isFollowed: boolean
}
