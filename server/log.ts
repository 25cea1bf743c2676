import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'
import { AppError } from './errors.ts'

/**
 * A logger to stdout, or to `destination`. What looks like a token or a secret is replaced in the finished line,
 * wherever in it: a list of known fields would miss the ones inside messages. Errors go under `err`.
 */
export function createLogger(
  level: 'debug' | 'info' | 'warn' | 'error',
  destination?: DestinationStream,
): Logger {
  const options = {
    level,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    hooks: { streamWrite: redact },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** Replaces tokens, secrets and passwords in a text by `[redacted]`. A JSON line stays a JSON line. */
export function redact(text: string): string {
  return patterns.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), text)
}

/** What a log says of an error: kind, message, stack and causes. Never a request, a response, a query's values or a body. */
export function describeError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) {
    // The queue hands on what its driver threw as a plain object.
    const { message, code }: { message?: unknown; code?: unknown } =
      typeof error === 'object' && error !== null ? error : { message: error }
    return {
      type: typeof error,
      ...(typeof message === 'string' ? { message: plainMessage(message) } : {}),
      ...(typeof code === 'string' ? { code } : {}),
    }
  }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const details = error instanceof AppError ? { details: error.details } : {}
  const cause = error.cause !== undefined && depth < 4 ? { cause: describeError(error.cause, depth + 1) } : {}
  return {
    type: error.name,
    message: plainMessage(error.message),
    ...code,
    ...details,
    stack: frames(error),
    ...cause,
  }
}

/** drizzle and postgres.js put a query's values behind its text. */
const plainMessage = (message: string) => message.replace(/\nparams:[\s\S]*$/, '').slice(0, 1_000)

/** The stack begins with the message, whole; only its frames are kept. */
const frames = (error: Error) =>
  (error.stack ?? '')
    .split('\n')
    .filter(line => /^\s+at /.test(line))
    .map(line => line.trim())

const secretNames =
  'password|passwd|secret|client_?secret|access_?token|refresh_?token|id_?token|token|authorization|cookie|set-cookie|api_?key|assertion|client_?assertion|code_?verifier'

const patterns: readonly (readonly [RegExp, string])[] = [
  // JSON Web Tokens, and the opaque codes and refresh tokens of Entra.
  [/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*){0,3}/g, '[redacted]'],
  [/\b[01]\.A[\w-]{3,}\.[\w.-]{40,}/g, '[redacted]'],
  // Client secrets of Entra: three characters, a digit, Q~ and 31 to 34 more.
  [/[\w~.-]{3}\dQ~[\w~.-]{31,34}/g, '[redacted]'],
  [/\bwhsec_[\w+/=]+/g, '[redacted]'],
  [/\b(Bearer|Basic)\s+[\w~.+/=-]+/gi, '$1 [redacted]'],
  [/(:\/\/[^\s/:@"\\]*:)[^\s/@"\\]+@/g, '$1[redacted]@'],
  [new RegExp(`\\b((?:${secretNames})=)[^&\\s"'\\\\]+`, 'gi'), '$1[redacted]'],
  [/([?&](?:code|state|session_state|client_info)=)[^&\s"'\\]+/gi, '$1[redacted]'],
  [new RegExp(`(\\\\*"(?:${secretNames})\\\\*"\\s*:\\s*\\\\*")[^"\\\\]*`, 'gi'), '$1[redacted]'],
]
