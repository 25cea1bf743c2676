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
 * (08), a server that only reads, as one does that is no longer or not yet the first (25006), too many connections
 * (53300), shut down, crashed or starting (57P01 to 57P03).
 */
const connectionCodes =
  /^(?:CONNECTION_(?:CLOSED|ENDED|DESTROYED)|CONNECT_TIMEOUT|ECONN(?:REFUSED|RESET|ABORTED)|E(?:HOST|NET)UNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|08...|25006|53300|57P0[123])$/

/** The queue's driver gives no code to a connection that ends, that has ended, and that is not made in time. */
const connectionWords =
  /^Connection terminated|is not queryable$|^timeout (?:expired|exceeded when trying to connect)$/

const isOfConnection = (error: Error): boolean =>
  ('code' in error && connectionCodes.test(String(error.code))) || connectionWords.test(error.message)
