import type postgres from 'postgres'

/*
 * postgres.js sends what a transaction still has to say, its own ROLLBACK included, after the transaction's connection
 * was lost: into nothing, which ends the process (porsager/postgres#1208), or, once the connection was made anew for
 * somebody else, into another transaction (#1155). The driver has no door for this, so two of its inner ones are used:
 * the connection that `begin` is executed on, and the handler that the statements of one transaction share.
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

/** Makes the transactions of a client refuse every statement that comes after their connection was lost. */
export class LostConnections {
  /** How often a connection was lost so far. */
  readonly #losses = new Map<number, number>()
  /** Which life of its connection a transaction belongs to. */
  readonly #lives = new WeakMap<object, number>()
  readonly #guarded = new WeakSet<Connection>()

  /** For the client's option `onclose`. */
  readonly onClose = (id: number): void => {
    this.#losses.set(id, this.#lossesOf(id) + 1)
  }

  /** Guards a client made with {@link LostConnections.onClose}. */
  guard(client: postgres.Sql): void {
    // The driver's types do not show what is used here.
    const inner = client as unknown as { begin: Begin; unsafe: Unsafe }
    const { begin, unsafe } = inner
    let beginning: { life?: number } | null = null
    inner.unsafe = (text, values, options = {}) => {
      const { onexecute } = options
      const begun = beginning
      if (!begun || !onexecute) return unsafe(text, values, options)
      return unsafe(text, values, {
        ...options,
        onexecute: connection => {
          begun.life = this.#lossesOf(connection.id)
          this.#guard(connection)
          return onexecute(connection)
        },
      })
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
      const life = this.#lives.get(statement.handler)
      if (life === undefined || life === this.#lossesOf(connection.id)) return execute(statement)
      statement.reject(
        Object.assign(new Error('the transaction lost its connection'), { code: 'CONNECTION_CLOSED' }),
      )
      return true
    }
  }

  #lossesOf(id: number): number {
    return this.#losses.get(id) ?? 0
  }
}

type Scoped = (text: TemplateStringsArray) => Statement
type Work = (scoped: Scoped) => unknown
type Begin = (...given: unknown[]) => unknown
type Unsafe = (text: string, values?: unknown[], options?: StatementOptions) => unknown
