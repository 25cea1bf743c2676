import type { RequestHandler } from 'express'
import { Histogram, type Registry } from 'prom-client'

/** Counts and times requests by method and class of status. Paths hold ids and are left out. */
export function measureRequests(metrics: Registry): RequestHandler {
  const durations = new Histogram({
    name: 'attestry_http_request_duration_seconds',
    help: 'How long HTTP requests took to answer, in seconds.',
    labelNames: ['method', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [metrics],
  })
  return (request, response, next) => {
    const stop = durations.startTimer({ method: request.method })
    response.once('close', () => {
      // Streams of events stay open for as long as somebody looks on.
      if (isEventStream(response.getHeader('content-type'))) return
      stop({ status: `${Math.floor(response.statusCode / 100)}xx` })
    })
    next()
  }
}

export const isEventStream = (contentType: unknown) =>
  String(contentType ?? '').startsWith('text/event-stream')
