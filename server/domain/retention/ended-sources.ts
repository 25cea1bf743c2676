import type { DomainEvent } from '../events.ts'

/** An event with the instant at which it was recorded. */
type Recorded = DomainEvent & { readonly recordedAt: Date }

/**
 * Since when nothing is collected any more from sources whose every connection is revoked. What was last known of them
 * counts as ended from there on: without an end it would be kept for ever.
 */
export function endedSources(events: Iterable<Recorded>): Map<string, Date> {
  const sourceOf = new Map<string, string>()
  const live = new Set<string>()
  const ended = new Map<string, Date>()
  for (const event of events) {
    if (event.type === 'ConnectionConnected') {
      const { connectionId, sourceId } = event.payload
      sourceOf.set(connectionId, sourceId)
      live.add(connectionId)
      ended.delete(sourceId)
    } else if (event.type === 'ConnectionRevoked') {
      const { connectionId } = event.payload
      live.delete(connectionId)
      const sourceId = sourceOf.get(connectionId)
      const isLive = [...live].some(other => sourceOf.get(other) === sourceId)
      if (sourceId !== undefined && !isLive) ended.set(sourceId, event.recordedAt)
    }
  }
  return ended
}
