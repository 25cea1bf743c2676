import type { ErrorRequestHandler, Request, Response } from 'express'
import type { Logger } from 'pino'
import { databaseDown } from '../database-down.ts'
import { AppError, type ErrorCode } from '../errors.ts'
import { escapeHtml } from '../escape-html.ts'
import { requestIdOf, shownPath } from './request-context.ts'
import { nonceOf } from './security-headers.ts'

/** Answers what was thrown: words for people and the request id, never a stack. The log gets the rest. */
export function handleErrors(logger: Logger): ErrorRequestHandler {
  return (error, request, response, _next) => {
    const requestId = requestIdOf(response)
    const appError = asAppError(error, response)
    logger[appError.logLevel](
      { requestId, method: request.method, path: shownPath(request.path), err: appError },
      'request failed',
    )
    // Half an answer is out: breaking off is the one way left to say that it failed.
    if (response.headersSent) return void response.destroy()
    // What is left of a body nobody reads would hold the connection up.
    if (!request.complete && hasBody(request)) response.setHeader('Connection', 'close')
    response.status(response.statusCode >= 400 ? response.statusCode : statusOf[appError.code])
    if (request.path.startsWith('/api/') || !request.accepts('html')) {
      response.json({ error: { code: appError.code, message: appError.userMessage, requestId } })
    } else {
      response.type('html').send(errorPage(appError, requestId, nonceOf(response)))
    }
  }
}

/** As tRPC maps its own codes, so that a page and a procedure answer alike. */
const statusOf: Record<ErrorCode, number> = {
  bad_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  fresh_sign_in_required: 403,
  second_factor_required: 403,
  not_found: 404,
  conflict: 409,
  precondition_failed: 412,
  too_many_requests: 429,
  unavailable: 503,
  internal: 500,
}

function asAppError(error: unknown, response: Response): AppError {
  if (error instanceof AppError) return error
  const down = databaseDown(error)
  if (down) return down
  // Express and its parts mark what the client did wrong by a status.
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500
  if (status < 400 || status >= 500) return new AppError('internal', 'an unexpected error', { cause: error })
  response.status(status)
  return new AppError('bad_input', 'a malformed request', {
    userMessage: 'The address or the request is malformed.',
    cause: error,
  })
}

const hasBody = ({ headers }: Request) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

const untouched =
  'Evidence is not touched by this: what was collected stays, and hours that cannot be collected are marked as gaps.'

/** What it means, where that is more than a refusal. */
const meanings: Partial<Record<ErrorCode, string>> = {
  unavailable: `${untouched} Try again in a moment.`,
  internal: `${untouched} Try again; if it stays, give the request id below to your operator.`,
}

const refused = 'Nothing was changed.'

const errorPage = ({ code, userMessage }: AppError, requestId: string, nonce: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Something went wrong · Attestry</title>
<style nonce="${nonce}">
:root { color-scheme: light dark }
body { font: 16px/1.6 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1.5rem }
code { font-size: .875em }
</style>
</head>
<body>
<h1>This did not work</h1>
<p>${escapeHtml(userMessage)}</p>
<p>${meanings[code] ?? refused}</p>
<p>Request id: <code>${escapeHtml(requestId)}</code></p>
<p><a href="/">Back to the start</a></p>
</body>
</html>
`
