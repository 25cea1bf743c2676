import type { AccountCompanion, JudgedItems } from '../coverage/judge-controls.ts'
import type { ItemByKind } from '../domain/evidence/items.ts'
import type { EvidenceKind } from '../domain/evidence/kinds.ts'
import type { HeldItems } from './held-items.ts'
import type { ItemIndex, ItemStore } from './item-store.ts'

/** A rule looks at an item whose body is not in the archive: what was recorded stands for it. */
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
  of(sourceId: string): JudgedItems {
    return {
      eachAccount: async (companions, visit) => this.#eachAccount(sourceId, companions, visit),
      signIns: async since => this.#signIns(sourceId, since),
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

  /** @throws {BodyPurged} also where some were collected before the archive's period, and are not in it */
  #signIns(sourceId: string, since: Date) {
    if (this.#held.isFeedCut(sourceId, 'risky_sign_ins', since)) throw new BodyPurged()
    const { subjects, items } = this.#held.members(sourceId, 'risky_sign_ins')
    return items.flatMap((index, place) => {
      const item = this.read('risky_sign_ins', index)
      const subjectKey = subjects[place]
      const isAsked = subjectKey !== undefined && Date.parse(item.createdDateTime) >= since.getTime()
      return isAsked ? [{ subjectKey, item }] : []
    })
  }

  #eachAccount(
    sourceId: string,
    companions: readonly AccountCompanion[],
    visit: Parameters<JudgedItems['eachAccount']>[1],
  ): void {
    const accounts = this.#held.members(sourceId, 'user_inventory')
    const registrationOf = this.#companion(sourceId, 'mfa_registration', companions)
    const activityOf = this.#companion(sourceId, 'sign_in_activity', companions)
    // As many as one look at a directory takes stay parsed for the next one.
    this.#mostParsed = Math.max(this.#mostParsed, 2 * accounts.subjects.length)
    accounts.subjects.forEach((subject, index) => {
      const item = accounts.items[index]
      if (item === undefined) return
      const user = this.read('user_inventory', item)
      visit({ user, registration: registrationOf(subject), activity: activityOf(subject) })
    })
  }

  /** What a kind has of each subject, asked for in their order; null where it is not asked for. */
  #companion<K extends AccountCompanion>(
    sourceId: string,
    kind: K,
    asked: readonly AccountCompanion[],
  ): (subject: string) => ItemByKind[K] | null {
    if (!asked.includes(kind)) return () => null
    const { subjects, items } = this.#held.members(sourceId, kind)
    this.#mostParsed = Math.max(this.#mostParsed, 2 * subjects.length)
    let next = 0
    return subject => {
      while ((subjects[next] ?? '~') < subject) next += 1
      const item = subjects[next] === subject ? items[next] : undefined
      return item === undefined ? null : this.read(kind, item)
    }
  }
}
