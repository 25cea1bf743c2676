/** The closed list of what can go wrong, as callers tell it apart. Domain detail belongs in `details`. */
export type ErrorCode =
  | 'bad_input'
  | 'unauthenticated'
  | 'forbidden'
  | 'fresh_sign_in_required'
  | 'second_factor_required'
  | 'not_found'
  | 'conflict'
  | 'precondition_failed'
  | 'too_many_requests'
  | 'unavailable'
  | 'internal'

export interface AppErrorOptions {
  /** What a person reads: what happened, what it means, what to do. */
  userMessage?: string
  /** Messages by form field, for `bad_input`. */
  fields?: Record<string, string>
  details?: Record<string, string | number | boolean | null>
  cause?: unknown
}

/** The one error type of the product. `message` is for logs, `userMessage` for people. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly userMessage: string
  readonly fields: Record<string, string>
  readonly details: Record<string, string | number | boolean | null>

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.userMessage = options.userMessage ?? genericWords[code]
    this.fields = options.fields ?? {}
    this.details = options.details ?? {}
  }

  /** Expected failures do not page anyone. */
  get logLevel(): 'info' | 'warn' | 'error' {
    if (this.code === 'internal') return 'error'
    return this.code === 'unavailable' || this.code === 'too_many_requests' ? 'warn' : 'info'
  }
}

/** A foreign or unknown id: the two are never told apart. */
export const notFound = (what: string) =>
  new AppError('not_found', `${what} not found`, {
    userMessage: `This ${what} does not exist, or you cannot see it.`,
  })

/** For `catch`: what is not found is null, every other error stays one. */
export function nullIfNotFound(error: unknown): null {
  if (error instanceof AppError && error.code === 'not_found') return null
  throw error
}

const genericWords: Record<ErrorCode, string> = {
  bad_input: 'Something in the form needs another look.',
  unauthenticated: 'Sign in to go on.',
  forbidden: 'Your role does not allow this. Ask an owner or admin of the organization.',
  fresh_sign_in_required: 'Please confirm it is you: sign in again, then repeat this step.',
  second_factor_required:
    'This organization lets owners and admins in with a second factor only. Set one up in your account, or sign in with it.',
  not_found: 'There is nothing here, or you cannot see it.',
  conflict: 'Somebody else changed this at the same moment. Look at it again and repeat the step.',
  precondition_failed: 'This is not possible in the present state.',
  too_many_requests: 'Too many attempts. Wait a little and try again.',
  unavailable:
    'A service that is needed for this does not answer right now. Nothing was lost; try again shortly.',
  internal: 'Something went wrong on our side. Nothing was changed; the request id helps us find it.',
}
