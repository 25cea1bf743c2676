import { Database, type Transaction } from '../../db/client.ts'
import { recordStatement } from './statements.ts'

/**
 * The database as a process sees it that dies: in its n-th transaction, when all of it is done and nothing committed.
 * From then on nothing reaches the database. A transaction leaves all or nothing, so that dying once in each of them
 * meets every state in which a process can leave the database; a step that is added is another transaction, or part of
 * one.
 */
export class MortalDatabase extends Database {
  isDead = false
  transactions = 0
  #last = Number.POSITIVE_INFINITY

  constructor(url: string) {
    super(url, { onStatement: recordStatement })
  }

  /** The n-th transaction from here on is its last. */
  dieIn(nth: number): void {
    this.#last = this.transactions + nth
  }

  /** It lives on, where it has not died yet. */
  spare(): void {
    this.#last = Number.POSITIVE_INFINITY
  }

  override withOrganization<T>(
    organizationId: string,
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T> {
    return super.withOrganization(organizationId, async transaction => {
      this.#refuseDead()
      const result = await work(transaction)
      this.transactions += 1
      if (this.transactions === this.#last) this.isDead = true
      this.#refuseDead()
      return result
    })
  }

  override async notify(channel: string, payload: string): Promise<void> {
    this.#refuseDead()
    await super.notify(channel, payload)
  }

  #refuseDead(): void {
    if (this.isDead) throw new Error('the process is dead')
  }
}
