import { AppError } from './errors.ts'

/** How many causes deep an error is looked into: the query builder and the procedures' library wrap one each. */
const deepest = 5

/**
 * What a database that does not answer is told as: `unavailable`, for the moment it takes to come back. Null for every
 * other error.
 */
export function databaseDown(error: unknown): AppError | null {
  let inner = error
  for (let depth = 0; depth < deepest && inner instanceof Error; depth++) {
    if (inner instanceof AppError) return null
    if (isOfConnection(inner)) {
      return new AppError('unavailable', 'the database does not answer', {
        userMessage: 'The database does not answer right now.',
        cause: error,
      })
    }
    inner = inner.cause
  }
  return null
}

/**
 * The driver's codes for a connection that it cannot make or lost, the system's, and PostgreSQL's: connection exceptions
 * (08), too many connections (53300), shut down, crashed or starting (57P01 to 57P03).
 */
const connectionCodes =
  /^(?:CONNECTION_(?:CLOSED|ENDED|DESTROYED)|CONNECT_TIMEOUT|ECONN(?:REFUSED|RESET)|ENOTFOUND|EPIPE|08...|53300|57P0[123])$/

/** The queue's driver gives a connection that ends no code. */
const isOfConnection = (error: Error): boolean =>
  ('code' in error && connectionCodes.test(String(error.code))) ||
  error.message.startsWith('Connection terminated')
