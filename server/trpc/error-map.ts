import { TRPCError } from '@trpc/server'
import { ZodError } from 'zod'
import { databaseDown } from '../database-down.ts'
import { AppError, type ErrorCode } from '../errors.ts'

const trpcCodes = {
  bad_input: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  fresh_sign_in_required: 'FORBIDDEN',
  second_factor_required: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  precondition_failed: 'PRECONDITION_FAILED',
  too_many_requests: 'TOO_MANY_REQUESTS',
  unavailable: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<ErrorCode, TRPCError['code']>

/** What a caller is told of an error: unknown ones are generic. */
export interface DescribedError {
  code: ErrorCode
  userMessage: string
  fields: Record<string, string>
  details: AppError['details']
  logLevel: 'info' | 'warn' | 'error'
}

/** The one map from our errors to tRPC's (and so to HTTP's). */
export function toTrpcError(error: unknown): TRPCError {
  if (error instanceof TRPCError) {
    const down = databaseDown(error.cause)
    if (down) return toTrpcError(down)
    return error.cause instanceof AppError && error.code !== trpcCodes[error.cause.code]
      ? toTrpcError(error.cause)
      : error
  }
  const cause =
    error instanceof AppError
      ? error
      : (databaseDown(error) ?? new AppError('internal', 'unexpected error', { cause: error }))
  return new TRPCError({ code: trpcCodes[cause.code], message: cause.message, cause })
}

/** The same for pages, which meet the error as the caller throws it. */
export function describeError(error: unknown): DescribedError {
  const app = appErrorOf(error)
  const { code, userMessage, fields, logLevel } = app
  // What broke inside is the log's: it names keys and services.
  const details = code === 'internal' || code === 'unavailable' ? {} : app.details
  return { code, userMessage, fields, details, logLevel }
}

function appErrorOf(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (!(error instanceof TRPCError)) return new AppError('internal', 'unexpected error', { cause: error })
  if (error.cause instanceof AppError) return error.cause
  if (error.code === 'BAD_REQUEST' && error.cause instanceof ZodError) return fromZod(error.cause)
  if (error.code === 'NOT_FOUND') return new AppError('not_found', error.message)
  if (error.code === 'INTERNAL_SERVER_ERROR')
    return new AppError('internal', error.message, { cause: error.cause })
  return new AppError('bad_input', error.message)
}

function fromZod(error: ZodError): AppError {
  const fields: Record<string, string> = {}
  for (const issue of error.issues) {
    const field = String(issue.path[0] ?? '')
    if (field !== '') fields[field] ??= issue.message
  }
  return new AppError('bad_input', 'input refused by its schema', { fields })
}
