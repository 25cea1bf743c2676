import type { RequestHandler } from 'express'
import { AppError } from '../errors.ts'

/** Pages are read, and take forms as browsers send them; anything else is refused before a page fails over it. */
export const formsOnly: RequestHandler = (request, response, next) => {
  const refuse = (status: number, userMessage: string) => {
    response.status(status)
    next(new AppError('bad_input', `a page was sent ${request.method}`, { userMessage }))
  }
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) next()
  else if (request.method !== 'POST') {
    response.setHeader('Allow', 'GET, HEAD, OPTIONS, POST')
    refuse(405, 'A page can be read, or sent a form. This request is neither.')
  } else if (!form.test(request.headers['content-type'] ?? '')) refuse(415, 'This is not sent as a form.')
  else next()
}

const form =
  /^(?:application\/x-www-form-urlencoded|multipart\/form-data; *boundary=[^\s;]{1,70})(?: *;.*)?$/i
