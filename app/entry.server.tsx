import {
  type AppLoadContext,
  createReadableStreamFromReadable,
  type EntryContext,
  type HandleErrorFunction,
} from '@remix-run/node'
import { isRouteErrorResponse, RemixServer } from '@remix-run/react'
import { isbot } from 'isbot'
import { renderToPipeableStream } from 'react-dom/server'
import { GatheredStream } from './lib/gathered-stream.ts'
import { NonceContext } from './lib/nonce.ts'

/** After this many milliseconds, promises a loader handed out are rejected. */
export const streamTimeout = 5_000

/** Streams a page: people get the shell as soon as it is ready, crawlers wait for the whole. */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  { cspNonce }: AppLoadContext,
): Promise<Response> {
  const readyEvent = isbot(request.headers.get('user-agent') ?? '') ? 'onAllReady' : 'onShellReady'
  return new Promise((resolve, reject) => {
    let isShellSent = false
    let statusCode = status
    // One second past streamTimeout, so that rejected promises still reach the page.
    const abortTimer = setTimeout(() => abort(), streamTimeout + 1_000)
    const { pipe, abort } = renderToPipeableStream(
      <NonceContext.Provider value={cspNonce}>
        <RemixServer context={remixContext} url={request.url} abortDelay={streamTimeout} nonce={cspNonce} />
      </NonceContext.Provider>,
      {
        nonce: cspNonce,
        [readyEvent]() {
          isShellSent = true
          const body = new GatheredStream({
            // A timer left running would hold the request in memory.
            final(done) {
              clearTimeout(abortTimer)
              done()
            },
          })
          headers.set('Content-Type', 'text/html; charset=utf-8')
          resolve(new Response(createReadableStreamFromReadable(body), { headers, status: statusCode }))
          pipe(body)
        },
        onShellError(error: unknown) {
          clearTimeout(abortTimer)
          reject(error)
        },
        onError(error: unknown) {
          statusCode = 500
          if (isShellSent && !request.signal.aborted) console.error(error)
        },
      },
    )
  })
}

/** Logs what loaders, actions and rendering threw by surprise. A reader who went away, or who was refused, is no error. */
export const handleError: HandleErrorFunction = (error, { request, context }) => {
  if (request.signal.aborted || (isRouteErrorResponse(error) && error.status < 500)) return
  console.error(
    `request ${context.requestId}: ${request.method} ${new URL(request.url).pathname} failed`,
    error,
  )
}
