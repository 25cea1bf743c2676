import { data, redirect } from '@remix-run/node'

/** What a page may know of a procedure that failed. */
export type ProcedureFailure = {
  status: number
  /** The product's own code, such as `fresh_sign_in_required`. */
  code: string
  /** Words for people; null where there are only the usual ones for the status. */
  message: string | null
  /** Words by form field. */
  fields: Record<string, string>
  details: Record<string, unknown>
}

/**
 * Waits for what a loader shows. Who is not signed in is sent to do so and comes back; everything that has words for
 * people goes to the error boundary with them. Anything else stays an error.
 */
export async function loaderResult<T>(request: Request, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    const failure = failureOf(error)
    if (failure === null) throw error
    throw (
      signInInstead(request, failure) ??
      data({ message: failure.message, isMoment: 'asOf' in failure.fields }, { status: failure.status })
    )
  }
}

/** The way to the page that signs in, or sets up a second factor, where that is what is missing; null otherwise. */
export function signInInstead(request: Request, { code }: ProcedureFailure): Response | null {
  if (code === 'second_factor_required') return redirect('/account/second-factor?required')
  if (code !== 'unauthenticated' && code !== 'fresh_sign_in_required') return null
  const to = new URLSearchParams()
  const path = ownPath(request)
  if (path.length <= LONGEST_PATH) to.set('to', path)
  if (code === 'fresh_sign_in_required') to.set('again', '1')
  return redirect(`/login?${to}`)
}

/** Reads an error that a procedure threw; null where it is none, or says nothing that people may read. */
export function failureOf(error: unknown): ProcedureFailure | null {
  if (!(error instanceof Error) || error.name !== 'TRPCError' || !('code' in error)) return null
  const status = STATUS[String(error.code)] ?? 500
  if (status === 500) return null
  const { cause } = error
  if (cause instanceof Error && 'userMessage' in cause && 'code' in cause) {
    return {
      status,
      code: String(cause.code),
      message: String(cause.userMessage),
      fields: textsOf('fields' in cause ? cause.fields : null),
      details: recordOf('details' in cause ? cause.details : null),
    }
  }
  return {
    status,
    code: String(error.code).toLowerCase(),
    message: null,
    fields: issuesOf(cause),
    details: {},
  }
}

/** A path that the sign-in would not lead back to; and an answer's headers have room for so much only. */
const LONGEST_PATH = 2_000

const STATUS: Record<string, number> = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  PRECONDITION_FAILED: 412,
  PAYLOAD_TOO_LARGE: 413,
  TOO_MANY_REQUESTS: 429,
  SERVICE_UNAVAILABLE: 503,
}

/** Single fetch asks for `<path>.data`; people come back to the page. A form that was posted is looked at again, not sent again. */
function ownPath(request: Request): string {
  const { pathname, searchParams } = new URL(request.url)
  searchParams.delete('_routes')
  const path = pathname.replace(/\.data$/, '').replace(/^\/_root$/, '/')
  const query = searchParams.toString()
  return query ? `${path}?${query}` : path
}

/** The first message of each field that a schema refused. */
function issuesOf(cause: unknown): Record<string, string> {
  const issues = typeof cause === 'object' && cause !== null && 'issues' in cause ? cause.issues : []
  const fields: Record<string, string> = {}
  for (const issue of Array.isArray(issues) ? issues : []) {
    const field = String(issue?.path?.[0] ?? '')
    if (field !== '') fields[field] ??= String(issue.message)
  }
  return fields
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}

const textsOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(recordOf(value)).map(([name, text]) => [name, String(text)]))
