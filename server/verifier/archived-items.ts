import type { JudgedItems } from '../coverage/judge-controls.ts'
import { suggestAccountClass } from '../domain/account/class.ts'
import type { ItemByKind } from '../domain/evidence/items.ts'
import type { EvidenceKind } from '../domain/evidence/kinds.ts'
import type { HeldItems } from './held-items.ts'
import type { ItemIndex, ItemStore } from './item-store.ts'

/** A rule looks at an item whose body was purged: what was recorded stands for it. */
export class BodyPurged extends Error {
  override readonly name = 'BodyPurged'
}

/** Items as rules read them, from what evidence led to. Each is parsed once while it is held. */
export class ArchivedItems {
  readonly #held: HeldItems
  readonly #store: ItemStore
  readonly #parsed = new Map<EvidenceKind, Map<ItemIndex, unknown>>()
  #mostParsed = 20_000

  constructor(held: HeldItems, store: ItemStore) {
    this.#held = held
    this.#store = store
  }

  /** A source’s items as they are held now. What is handed out throws {@link BodyPurged}. */
  of(sourceId: string, at: Date): JudgedItems {
    return {
      eachAccount: async visit => this.#eachAccount(sourceId, at, visit),
      bodies: async kind => this.#held.members(sourceId, kind).items.map(item => this.read(kind, item)),
    }
  }

  /** @throws {BodyPurged} */
  read<K extends EvidenceKind>(kind: K, index: ItemIndex): ItemByKind[K] {
    const parsed = this.#parsed.get(kind) ?? new Map<ItemIndex, unknown>()
    this.#parsed.set(kind, parsed)
    const known = parsed.get(index)
    // It was parsed as of this very kind.
    if (known !== undefined) return known as ItemByKind[K]
    const item = this.#store.read(kind, index)
    if (item === null) throw new BodyPurged()
    if (parsed.size >= this.#mostParsed) parsed.clear()
    parsed.set(index, item)
    return item
  }

  #eachAccount(sourceId: string, at: Date, visit: Parameters<JudgedItems['eachAccount']>[0]): void {
    const accounts = this.#held.members(sourceId, 'user_inventory')
    const records = this.#held.members(sourceId, 'mfa_registration')
    // As many as one look at a directory takes stay parsed for the next one.
    this.#mostParsed = Math.max(this.#mostParsed, 2 * accounts.subjects.length, 2 * records.subjects.length)
    let next = 0
    accounts.subjects.forEach((subject, index) => {
      const item = accounts.items[index]
      if (item === undefined) return
      while ((records.subjects[next] ?? '~') < subject) next += 1
      const record = records.subjects[next] === subject ? records.items[next] : undefined
      const user = this.read('user_inventory', item)
      const registration = record === undefined ? null : this.read('mfa_registration', record)
      visit({ user, registration, class: suggestAccountClass(user, at).class })
    })
  }
}
