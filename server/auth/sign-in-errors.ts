import { APIError } from 'better-auth/api'
import { databaseDown } from '../database-down.ts'
import { AppError } from '../errors.ts'

/** Turns what the library throws into our errors. Whether an account exists is never told. */
export function asAppError(error: unknown, passwordField = 'password'): AppError {
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
        userMessage: 'Your e-mail address was never confirmed. Set a new password by mail: that confirms it.',
        cause: error,
      })
    case 'INVALID_TOKEN':
    case 'TOKEN_EXPIRED':
    case 'USER_NOT_FOUND':
      return new AppError('precondition_failed', 'link used or expired', {
        userMessage: 'This link has been used or has expired. Ask for a new one.',
        cause: error,
      })
    case 'INVALID_CODE':
    case 'INVALID_BACKUP_CODE':
      return new AppError('bad_input', 'wrong code', {
        userMessage: 'This code is not right.',
        fields: {
          code: 'Give the code that the app shows now, or a backup code that was not used yet. The clock of your phone has to be right.',
        },
        cause: error,
      })
    case 'INVALID_TWO_FACTOR_COOKIE':
    case 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE':
      return new AppError('precondition_failed', 'no sign-in waits for a code', {
        userMessage: 'This sign-in took too long or too many codes. Begin again with your password.',
        cause: error,
      })
    case 'ACCOUNT_TEMPORARILY_LOCKED':
      return new AppError('too_many_requests', 'too many wrong codes', {
        userMessage:
          'There were ten wrong codes after the right password. Wait 15 minutes, or sign in with a passkey. If it was not you, set a new password.',
        cause: error,
      })
    case 'TOTP_ALREADY_ENABLED':
    case 'TOTP_NOT_ENABLED':
    case 'TWO_FACTOR_NOT_ENABLED':
    case 'BACKUP_CODES_NOT_ENABLED':
      return new AppError('conflict', 'the authenticator app was changed meanwhile', {
        userMessage: 'This was changed in the meantime. Look at the page again.',
        cause: error,
      })
    case 'INVALID_PASSWORD':
      return new AppError('bad_input', 'wrong current password', {
        userMessage: 'Nothing was changed.',
        fields: { [passwordField]: 'This is not your current password.' },
        cause: error,
      })
    default:
      return (
        databaseDown(error) ??
        new AppError('internal', `signing in failed: ${code ?? 'unknown'}`, { cause: error })
      )
  }
}
