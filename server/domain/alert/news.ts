import type { DomainEvent } from '../events.ts'

/** How an alert stands for who is told of it: new, still open a day later, or over. */
export type NewsStanding = 'new' | 'open' | 'over'

/** What is to be told of one alert. */
export interface AlertNews {
  readonly alertId: string
  readonly standing: NewsStanding
}

/**
 * What a stretch of the log says of alerts, each once, in the order of the first word of it. One that was raised and is
 * over by its end is over: nobody was told of it before, and the message says since when it was. That somebody has seen
 * one is no news.
 */
export function alertNews(events: readonly DomainEvent[]): AlertNews[] {
  const standings = new Map<string, NewsStanding>()
  for (const event of events) {
    if (event.type === 'AlertRaised') standings.set(event.payload.alertId, 'new')
    else if (event.type === 'AlertReminded') {
      const { alertId } = event.payload
      if (!standings.has(alertId)) standings.set(alertId, 'open')
    } else if (event.type === 'AlertResolved') standings.set(event.payload.alertId, 'over')
  }
  return [...standings].map(([alertId, standing]) => ({ alertId, standing }))
}

/** The types of events that are news. */
export const newsTypes = ['AlertRaised', 'AlertReminded', 'AlertResolved'] as const
