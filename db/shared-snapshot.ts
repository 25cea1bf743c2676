import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Database, Transaction } from './client.ts'
import { sqlState } from './sql-state.ts'

/** What reads in a snapshot: a database, a transaction each; or a snapshot that its readers share. */
export type SnapshotReader = Pick<Database, 'withPerson' | 'withSnapshot'>

/** Who a transaction is bound to, person and organization apart. */
export type Setting = 'app.user_id' | 'app.organization_id'

/** A transaction that binds itself to whom its readers name. */
export interface Binding {
  transaction: Transaction
  /** Resolves when the setting is on its way: the connection's next statement comes after it. */
  bind(setting: Setting, id: string): Promise<void>
}

/**
 * One snapshot for readers that overlap: what a request asks for at once is read in one transaction, as of one moment.
 * It begins with the first reader and ends a turn of the event loop after the last, so that what follows from one answer
 * is still read in it. It is bound to one person and one organization; who names another one reads alone.
 */
export class SharedSnapshot implements SnapshotReader {
  readonly #alone: SnapshotReader
  readonly #begin: Begin
  #current: OpenSnapshot | null = null

  constructor(alone: SnapshotReader, begin: Begin) {
    this.#alone = alone
    this.#begin = begin
  }

  withPerson<T>(userId: string, work: Work<T>): Promise<T> {
    return this.#read('app.user_id', userId, work, () => this.#alone.withPerson(userId, work))
  }

  withSnapshot<T>(organizationId: string, work: Work<T>): Promise<T> {
    return this.#read('app.organization_id', organizationId, work, () =>
      this.#alone.withSnapshot(organizationId, work),
    )
  }

  async #read<T>(setting: Setting, id: string, work: Work<T>, alone: () => Promise<T>): Promise<T> {
    const isFirst = this.#current === null
    const current = this.#current ?? new OpenSnapshot(this.#begin, over => this.#leave(over))
    this.#current = current
    if (!current.admits(setting, id)) return alone()
    try {
      return await current.read(setting, id, work)
    } catch (error) {
      // What comes later must not meet a transaction that a statement has ended.
      this.#leave(current)
      // A reader that another one's statement took along has failed at nothing itself.
      if (!isFirst && sqlState(error) === abortedByAnother) return alone()
      throw error
    }
  }

  #leave(snapshot: OpenSnapshot) {
    if (this.#current === snapshot) this.#current = null
  }
}

type Work<T> = (transaction: Transaction) => Promise<T>
type Begin = (work: (binding: Binding) => Promise<void>) => Promise<void>

const abortedByAnother = '25P02'

class OpenSnapshot {
  readonly #bound = new Map<Setting, { id: string; done: Promise<void> | null }>()
  readonly #binding: Promise<Binding>
  readonly #onOver: (snapshot: OpenSnapshot) => void
  #end: () => void = () => undefined
  #readers = 0

  constructor(begin: Begin, onOver: (snapshot: OpenSnapshot) => void) {
    this.#onOver = onOver
    this.#binding = new Promise((resolve, reject) => {
      const untilEnd = (binding: Binding) =>
        new Promise<void>(end => {
          this.#end = end
          resolve(binding)
        })
      // Each reader is told what failed; the transaction's own end has nothing to add.
      begin(untilEnd).catch(reject)
    })
  }

  admits(setting: Setting, id: string): boolean {
    return (this.#bound.get(setting)?.id ?? id) === id
  }

  async read<T>(setting: Setting, id: string, work: Work<T>): Promise<T> {
    this.#readers += 1
    const entry = this.#bound.get(setting) ?? { id, done: null }
    this.#bound.set(setting, entry)
    try {
      const { transaction, bind } = await this.#binding
      entry.done ??= bind(setting, id)
      await entry.done
      return await work(transaction)
    } finally {
      this.#readers -= 1
      if (this.#readers === 0) void this.#endUnlessJoined()
    }
  }

  async #endUnlessJoined() {
    await nextTurn()
    if (this.#readers > 0) return
    this.#onOver(this)
    this.#end()
  }
}
