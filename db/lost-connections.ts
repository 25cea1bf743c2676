import type postgres from 'postgres'

/*
 * postgres.js sends what a transaction still has to say, its own ROLLBACK included, after the transaction's connection
 * was lost: into nothing, which ends the process (porsager/postgres#1208), or, once the connection was made anew for
 * somebody else, into another transaction (#1155). Between a socket's error and its end it even keeps such a statement
 * as sent: after the next connect each answer then goes to the statement before its own, and the last waits for ever.
 * The driver has no door for this, so two of its inner ones are used: the connection that a statement is executed on,
 * and the handler that the statements of one transaction share.
 */

/** A connection as the driver hands it to a statement's `onexecute`. */
interface Connection {
  id: number
  execute(statement: Statement): unknown
}

interface Statement {
  handler: object
  reject(error: Error): void
}

interface StatementOptions {
  onexecute?: (connection: Connection) => unknown
}

/**
 * Makes the transactions of a client refuse every statement that comes after their connection was lost, and a connection
 * every statement while it is being lost.
 */
export class LostConnections {
  /** How often a connection was lost so far. */
  readonly #losses = new Map<number, number>()
  /** Which life of its connection a transaction belongs to. */
  readonly #lives = new WeakMap<object, number>()
  /** Connections whose socket failed and has not ended yet. */
  readonly #failing = new Set<number>()
  readonly #guarded = new WeakSet<Connection>()

  /** For the client's option `onclose`. */
  readonly onClose = (id: number): void => {
    this.#failing.delete(id)
    this.#losses.set(id, this.#lossesOf(id) + 1)
  }

  /** Guards a client made with {@link LostConnections.onClose}. */
  guard(client: postgres.Sql): void {
    // The driver's types do not show what is used here.
    const inner = client as unknown as { begin: Begin; unsafe: Unsafe }
    const { begin, unsafe } = inner
    let beginning: { life?: number } | null = null
    inner.unsafe = (text, values, options = {}) => {
      const { onexecute = () => true } = options
      const begun = beginning
      const statement = unsafe(text, values, {
        ...options,
        onexecute: connection => {
          if (begun) begun.life = this.#lossesOf(connection.id)
          this.#guard(connection)
          this.#watch(statement, connection)
          return onexecute(connection)
        },
      })
      return statement
    }
    inner.begin = (...given) => {
      // The driver takes options, then the work.
      const work = given.pop() as Work
      const begun: { life?: number } = {}
      beginning = begun
      try {
        // Sends BEGIN before it returns.
        return begin(...given, (scoped: Scoped) => {
          if (begun.life !== undefined) this.#lives.set(scoped`rollback`.handler, begun.life)
          return work(scoped)
        })
      } finally {
        beginning = null
      }
    }
  }

  #guard(connection: Connection) {
    if (this.#guarded.has(connection)) return
    this.#guarded.add(connection)
    const execute = connection.execute
    connection.execute = statement => {
      const life = this.#lives.get(statement.handler) ?? this.#lossesOf(connection.id)
      if (life === this.#lossesOf(connection.id) && !this.#failing.has(connection.id)) {
        this.#watch(statement, connection)
        return execute(statement)
      }
      statement.reject(Object.assign(new Error('the connection was lost'), { code: 'CONNECTION_CLOSED' }))
      return true
    }
  }

  /** A statement that the socket's error ended tells that the connection is about to be lost. */
  #watch(statement: Statement, { id }: Connection) {
    const { reject } = statement
    statement.reject = error => {
      if (isSocketError(error)) this.#failing.add(id)
      reject(error)
    }
  }

  #lossesOf(id: number): number {
    return this.#losses.get(id) ?? 0
  }
}

/** Errors of the system have the call that failed; TLS gives the code alone. */
const isSocketError = (error: object) =>
  'syscall' in error || ('code' in error && error.code === 'ECONNRESET')

type Scoped = (text: TemplateStringsArray) => Statement
type Work = (scoped: Scoped) => unknown
type Begin = (...given: unknown[]) => unknown
type Unsafe = (text: string, values?: unknown[], options?: StatementOptions) => Statement
