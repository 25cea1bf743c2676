import { CompactTree, leafHash } from '../ledger/merkle.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { DoesNotHold } from './finding.ts'
import type { ItemIndex, ItemStore } from './item-store.ts'
import type { Manifest } from './manifest.ts'

type Purge = Extract<RecordedEvent, { type: 'ItemsPurged' }>

const path = 'evidence/purged.jsonl.gz'

/** Holds every item whose body is gone to the event that says so. */
export class PurgeWalk {
  readonly #purges = new Map<number, Purge>()

  event(event: RecordedEvent): void {
    if (event.type === 'ItemsPurged') this.#purges.set(event.position, event)
  }

  /**
   * @returns how many items were purged by events of the scope, and how many by events that lie outside of it
   * @throws {DoesNotHold} where the event named is no purge, or none of these items
   */
  finish(items: ItemStore, { firstPosition, asOf }: Manifest): { within: number; outside: number } {
    const byPosition = new Map<number, ItemIndex[]>()
    for (const [item, position] of items.purged) {
      const purged = byPosition.get(position) ?? []
      purged.push(item)
      byPosition.set(position, purged)
    }
    let outside = 0
    for (const [position, purged] of byPosition) {
      if (position < firstPosition || position > asOf.position) outside += purged.length
      else requireNamed(this.#purges.get(position), position, purged, items)
    }
    return { within: items.purged.size - outside, outside }
  }
}

function requireNamed(
  purge: Purge | undefined,
  position: number,
  purged: readonly ItemIndex[],
  items: ItemStore,
): void {
  const place = { path, position }
  if (!purge) throw new DoesNotHold('The event that is said to have purged an item is no purge.', place)
  const { count, root } = purge.payload
  // An item that came back and was purged again is named with its newest purge alone.
  const isAll = purged.length === count
  if (purged.length > count || (isAll && rootOver(purged, items) !== root)) {
    throw new DoesNotHold('The items that are said to be purged are not those that the event purged.', place)
  }
}

function rootOver(purged: readonly ItemIndex[], items: ItemStore): string {
  const tree = new CompactTree()
  // Indexes are in the order of the hashes.
  for (const item of [...purged].sort((one, other) => one - other)) {
    tree.add(leafHash(Buffer.from(items.hashOf(item), 'hex')))
  }
  return tree.root().toString('hex')
}
