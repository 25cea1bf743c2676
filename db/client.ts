import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { type AppendAnswer, type AppendCall, callAppend } from './append.ts'
import { FamiliarStatements } from './familiar-statements.ts'
import { LostConnections } from './lost-connections.ts'
import { sendOneAtATime } from './one-at-a-time.ts'
import { keepsSessions } from './session-probe.ts'
import { type Binding, type Setting, SharedSnapshot } from './shared-snapshot.ts'

/** A transaction's query builder. Statements on tenant tables are possible only inside one that names its organization. */
export type Transaction = Parameters<Parameters<PostgresJsDatabase['transaction']>[0]>[0]

export interface DatabaseOptions {
  /** Connections of the pool. */
  max?: number
  /** Where sessions are needed (LISTEN): past a pooler. Defaults to the url. */
  directUrl?: string
  /** Whether statements that come often are prepared. Not behind a pooler that gives each transaction another session. */
  prepares?: boolean
  /** Called with the text of every statement sent; tests hold each to the tenancy rules. */
  onStatement?: (statement: string) => void
}

/**
 * The product's connections to PostgreSQL as one role. The raw client stays inside: tenant rows are reached through
 * {@link Database.withOrganization}, a person's memberships through {@link Database.withPerson}, and what stands
 * outside a tenant through {@link Database.outsideTenant}. {@link Database.appendAlone} is for one call alone.
 */
export class Database {
  readonly #client: postgres.Sql
  readonly #direct: postgres.Sql
  readonly #directUrl: string
  readonly #drizzle: PostgresJsDatabase
  readonly #onStatement: DatabaseOptions['onStatement']
  readonly #familiar = new FamiliarStatements()

  constructor(url: string, options: DatabaseOptions = {}) {
    const lost = new LostConnections()
    const prepares = options.prepares ?? true
    this.#client = postgres(url, {
      max: options.max ?? 10,
      prepare: prepares,
      backoff,
      connect_timeout: connectWithin,
      onclose: lost.onClose,
      onnotice: ignore,
      connection: { application_name: 'attestry' },
    })
    lost.guard(this.#client)
    if (!prepares) sendOneAtATime(this.#client)
    this.#direct =
      options.directUrl && options.directUrl !== url
        ? postgres(options.directUrl, { max: 2, connect_timeout: connectWithin, onnotice: ignore })
        : this.#client
    this.#directUrl = options.directUrl ?? url
    const { onStatement } = options
    this.#onStatement = onStatement
    this.#drizzle = drizzle(this.#client, {
      casing: 'snake_case',
      ...(onStatement ? { logger: { logQuery: statement => onStatement(statement) } } : {}),
    })
    watchStatements(this.#drizzle, this.#familiar)
  }

  /**
   * Runs `work` in one transaction that sees and writes the rows of one organization only. The setting travels with
   * the first statement; it is local to the transaction and gone with it. What it sends is planned for the rows that
   * there are: a plan of an empty table is none for the first sync.
   * @param options.keepsPlans for what looks up few rows by their keys, again and again
   */
  withOrganization<T>(
    organizationId: string,
    work: (transaction: Transaction) => Promise<T>,
    { keepsPlans = false } = {},
  ): Promise<T> {
    // A plan that is kept from when a table was small would read all of it for ever: these look-ups have an index.
    const begin = keepsPlans
      ? 'set local enable_seqscan = off; '
      : 'set local plan_cache_mode = force_custom_plan; '
    return this.#withSetting('app.organization_id', organizationId, work, begin)
  }

  /**
   * Appends in a transaction that is one message and nothing else: `ledger.append` binds it to the organization it was
   * given, before it looks at a row, and the binding is gone with it. No other statement can be sent this way.
   */
  appendAlone(call: AppendCall): Promise<AppendAnswer> {
    return callAppend((text, parameters) => {
      this.#onStatement?.(text)
      return this.#client.unsafe(text, parameters, { prepare: true })
    }, call)
  }

  /**
   * The same as {@link Database.withOrganization} for reading alone: every statement of `work` sees what was committed
   * when the first one began, whatever is written meanwhile. A row that another transaction changed since then cannot be
   * locked. What was read is handed out before COMMIT is answered, since nothing can come of that any more.
   */
  withSnapshot<T>(organizationId: string, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#withSetting('app.organization_id', organizationId, work, ofOneMoment, resolve).then(
        resolve,
        reject,
      )
    })
  }

  /** One snapshot for readers that overlap, such as the procedures of one request. */
  sharedSnapshot(): SharedSnapshot {
    return new SharedSnapshot(this, work => this.#withBinding(work, ofOneMoment))
  }

  /** Runs `work` in one transaction that sees the memberships of one person. */
  withPerson<T>(userId: string, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.#withSetting('app.user_id', userId, work)
  }

  /** The query builder for tables outside a tenant. A tenant table answers it with an error. */
  get outsideTenant(): PostgresJsDatabase {
    return this.#drizzle
  }

  /** Calls `onNotice` for every notification on `channel`, until the returned function is called. */
  async listen(channel: string, onNotice: (payload: string) => void): Promise<() => Promise<void>> {
    const { unlisten } = await this.#direct.listen(channel, onNotice)
    return unlisten
  }

  /** Tells listeners on every process. Payloads carry ids only. */
  async notify(channel: string, payload: string): Promise<void> {
    await this.#client.notify(channel, payload)
  }

  /** Whether what needs a session has one: not where a pooler gives each transaction another. */
  keepsSessions(): Promise<boolean> {
    return keepsSessions(this.#directUrl)
  }

  /** Ends the pools; statements in flight get five seconds. */
  async close(): Promise<void> {
    await Promise.all([this.#client.end({ timeout: 5 }), this.#direct.end({ timeout: 5 })])
  }

  async #withSetting<T>(
    setting: Setting,
    id: string,
    work: (transaction: Transaction) => Promise<T>,
    begin = '',
    onResult?: (result: T) => void,
  ): Promise<T> {
    return this.#withBinding(async ({ transaction, bind }) => {
      await bind(setting, id)
      const result = await work(transaction)
      onResult?.(result)
      return result
    }, begin)
  }

  /** @param begin what is sent with the first setting */
  async #withBinding<T>(work: (binding: Binding) => Promise<T>, begin = ''): Promise<T> {
    return this.#drizzle.transaction(async transaction => {
      const { end } = watchStatements(transaction, this.#familiar)
      let first = begin
      const settled = new Promise<T>((resolve, reject) => {
        const bind: Binding['bind'] = async (setting, id) => {
          if (!uuidPattern.test(id)) throw new TypeError(`${setting} takes a UUID`)
          // Not awaited, so that the driver pipelines it with the statement that follows; a turn of the event loop later
          // it is on its way. SET takes no parameters: the id was checked above.
          transaction.execute(sql.raw(`${first}set local ${setting} = '${id}'`)).catch(reject)
          first = ''
          await nextTurn()
        }
        work({ transaction, bind }).then(resolve, reject)
      })
      return settled.finally(end)
    })
  }
}

/**
 * Has the familiar statements of a query builder prepared. `end` makes a transaction refuse statements once it has ended:
 * the driver would run a late one inside whatever transaction the connection serves next.
 */
function watchStatements(
  { _: { session } }: Pick<Transaction, '_'>,
  familiar: FamiliarStatements,
): { end(): void } {
  const prepareQuery = session.prepareQuery.bind(session)
  let hasEnded = false
  session.prepareQuery = (query, fields, name, ...rest) => {
    if (hasEnded) throw new Error('a statement came after its transaction had ended')
    // Of a name the driver takes only that there is one.
    const prepared = name ?? (familiar.meet(query) ? 'familiar' : undefined)
    return prepareQuery(query, fields, prepared, ...rest)
  }
  return {
    end() {
      hasEnded = true
    },
  }
}

/**
 * Seconds until the next attempt to connect, by how many failed before: up to two. The driver's own twenty would leave
 * what waits in the pool waiting long after the database is back.
 */
const backoff = (failed: number) => (0.5 + Math.random() / 2) * Math.min(3 ** failed / 100, 2)

/** Seconds until a connection that is not made is given up. The driver would wait 30, and whoever asks with it. */
const connectWithin = 10

const ofOneMoment = 'set transaction isolation level repeatable read read only; '

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const ignore = () => undefined
