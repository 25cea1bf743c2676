import type { z } from 'zod'
import type { SealObstacle, sealingFailed, sealingResumed } from './events.ts'

export type SealingEvent =
  | { type: 'SealingFailed'; payload: z.infer<typeof sealingFailed> }
  | { type: 'SealingResumed'; payload: z.infer<typeof sealingResumed> }

/** The newest word that a log has on its own sealing; null where it has none. */
export type SealingWord = SealingEvent['type'] | 'OrganizationDeleted' | null

/** An outage of sealing is two events, however often a seal is tried in between. A log that is over says no more. */
export function decideSealing(
  what: { type: 'failed'; size: number; obstacle: SealObstacle } | { type: 'sealed'; size: number },
  newest: SealingWord,
): SealingEvent[] {
  if (newest === 'OrganizationDeleted') return []
  const isDown = newest === 'SealingFailed'
  if (what.type === 'sealed') {
    return isDown ? [{ type: 'SealingResumed', payload: { size: what.size } }] : []
  }
  const { size, obstacle } = what
  return isDown ? [] : [{ type: 'SealingFailed', payload: { size, obstacle } }]
}
