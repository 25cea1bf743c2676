import { useLocation } from '@remix-run/react'
import { useState } from 'react'

/**
 * Keeps a list as somebody reads it. A page that is loaded anew because something was recorded would push what is being
 * read away from under the eye: what came since waits until it is asked for, or until another address is gone to.
 * @param markOf says the same of two lists that read the same
 */
export function useHeld<T>(newest: T, markOf: (list: T) => string | number | undefined): Held<T> {
  const { key } = useLocation()
  const [held, setHeld] = useState({ key, list: newest })
  const isBehind = held.key === key && markOf(held.list) !== markOf(newest)
  if (held.key !== key) setHeld({ key, list: newest })
  return { shown: isBehind ? held.list : newest, isBehind, catchUp: () => setHeld({ key, list: newest }) }
}

export type Held<T> = {
  shown: T
  /** Whether something came that is not shown yet. */
  isBehind: boolean
  catchUp(): void
}
