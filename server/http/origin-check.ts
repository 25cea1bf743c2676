import type { RequestHandler } from 'express'
import { AppError } from '../errors.ts'

/**
 * Refuses every request that may change something unless it comes from our own pages: Origin must be ours exactly;
 * without one, only what the browser itself calls same-origin passes. Holds for all paths, before anything is read.
 */
export function checkOrigin(appOrigin: string): RequestHandler {
  return (request, _response, next) => {
    if (safeMethods.has(request.method) || isOwn(request.headers, appOrigin)) return next()
    next(
      new AppError('forbidden', 'a request from a foreign origin', {
        userMessage: 'This request did not come from our own pages. Open the page again and repeat the step.',
      }),
    )
  }
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

function isOwn(
  headers: { origin?: string | undefined; 'sec-fetch-site'?: string | string[] | undefined },
  appOrigin: string,
): boolean {
  if (headers.origin !== undefined) return headers.origin === appOrigin
  return headers['sec-fetch-site'] === 'same-origin'
}
