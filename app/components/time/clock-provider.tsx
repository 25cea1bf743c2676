import { type ReactNode, useMemo, useState } from 'react'
import { ClockContext } from '../../lib/clock.ts'

/**
 * Sets what "now" means below it. `now` is the server's instant, so that the first paint is the same on both sides and
 * ticking follows the server's clock rather than the reader's. `isFrozen` holds it: a look back does not tick.
 */
export function ClockProvider({ now, isFrozen = false, children }: ClockProviderProps) {
  const rendered = now.getTime()
  const [received, setReceived] = useState(() => ({ rendered, offset: rendered - Date.now() }))
  if (received.rendered !== rendered) setReceived({ rendered, offset: rendered - Date.now() })
  const clock = useMemo(
    () => ({ renderedAt: new Date(rendered), offset: received.offset, isFrozen }),
    [rendered, received.offset, isFrozen],
  )
  return <ClockContext.Provider value={clock}>{children}</ClockContext.Provider>
}

type ClockProviderProps = { now: Date; isFrozen?: boolean; children: ReactNode }
