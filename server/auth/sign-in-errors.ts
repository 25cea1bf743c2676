import { APIError } from 'better-auth/api'
import { AppError } from '../errors.ts'

/** Turns what the library throws into our errors. Whether an account exists is never told. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const code = error instanceof APIError ? error.body?.code : undefined
  switch (code) {
    case 'INVALID_EMAIL_OR_PASSWORD':
    case 'INVALID_EMAIL':
    case 'PASSWORD_TOO_LONG':
      return new AppError('bad_input', 'wrong e-mail address or password', {
        userMessage: 'The e-mail address or the password is not right. Check both, or set a new password.',
        cause: error,
      })
    case 'EMAIL_NOT_VERIFIED':
      return new AppError('precondition_failed', 'e-mail address not confirmed', {
        userMessage:
          'Confirm your e-mail address first: we have just sent you a new link. It is good for 24 hours.',
        cause: error,
      })
    case 'INVALID_TOKEN':
    case 'TOKEN_EXPIRED':
    case 'USER_NOT_FOUND':
      return new AppError('precondition_failed', 'link used or expired', {
        userMessage: 'This link has been used or has expired. Ask for a new one.',
        cause: error,
      })
    case 'INVALID_PASSWORD':
      return new AppError('bad_input', 'wrong current password', {
        userMessage: 'Nothing was changed.',
        fields: { currentPassword: 'This is not your current password.' },
        cause: error,
      })
    default:
      return new AppError('internal', `signing in failed: ${code ?? 'unknown'}`, { cause: error })
  }
}
