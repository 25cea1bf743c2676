import { type EvidenceKind, evidenceKind, kindNamed } from '../domain/evidence/kinds.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import type { Container } from './container.ts'
import { EvidenceDeltas, EvidenceRows, openingMembers, openingPath } from './evidence-lines.ts'
import { type AttachedEvent, checkRow } from './evidence-row.ts'
import { DoesNotHold, type Place } from './finding.ts'
import { HeldItems } from './held-items.ts'
import type { ItemStore } from './item-store.ts'
import type { Delta } from './population.ts'

/**
 * Holds evidence to its events, as they come: each row is what its event says, what it changed leads to its fingerprint,
 * and everything that it names is accounted for.
 */
export class EvidenceWalk {
  readonly #rows: EvidenceRows
  readonly #deltas: EvidenceDeltas
  readonly #items: ItemStore
  /** The evidence in force of each kind of each source. */
  readonly #inForce = new Map<string, AttachedEvent>()
  #count = 0
  readonly held = new HeldItems()
  /** What the windows list that somebody wants to know of, by the id of their evidence. */
  readonly windows = new Map<string, readonly Delta[]>()
  readonly #wanted = new Set<string>()

  constructor(container: Container, items: ItemStore) {
    this.#items = items
    this.#rows = new EvidenceRows(container)
    this.#deltas = new EvidenceDeltas(container, items)
  }

  get counts(): { rows: number; deltas: number } {
    return { rows: this.#count, deltas: this.#deltas.count }
  }

  /** The evidence in force now of a kind of a source; null before the first. */
  inForce(sourceId: string, kind: EvidenceKind): string | null {
    return this.#inForce.get(keyOf({ sourceId, kind }))?.payload.evidenceId ?? null
  }

  /** Keeps what the window of some evidence lists, should it be of a feed. */
  want(evidenceId: string): void {
    this.#wanted.add(evidenceId)
  }

  /** Takes an event from before the scope. */
  opening(event: RecordedEvent): void {
    if (event.type !== 'EvidenceAttached') return
    this.#inForce.set(keyOf(event.payload), event)
    const { sourceId, kind, window, itemCount } = event.payload
    if (window && itemCount > 0) this.held.skipFeed(sourceId, kind, new Date(window.to))
  }

  /** After the opening events: the rows in force at the beginning, and the populations that they stand for. */
  async begin(container: Container): Promise<void> {
    const inForce = [...this.#inForce.values()].sort((one, other) => one.position - other.position)
    for (const event of inForce) await this.#takeRow(event)
    const populations = new Map<string, { source: string; kind: EvidenceKind; members: Delta[] }>()
    for await (const { source, kind: name, ...member } of openingMembers(container, this.#items)) {
      const kind = kindNamed(name)
      if (!kind || evidenceKind(kind).mode !== 'state') {
        throw new DoesNotHold(
          `Nothing is held of the kind ${name} at the beginning of a period.`,
          openingPlace,
        )
      }
      const key = keyOf({ sourceId: source, kind })
      const population = populations.get(key) ?? { source, kind, members: [] }
      population.members.push(member)
      populations.set(key, population)
    }
    for (const event of inForce) {
      const key = keyOf(event.payload)
      if (event.payload.mode === 'state')
        this.#applyState(event, populations.get(key)?.members ?? [], openingPlace)
      populations.delete(key)
    }
    const [left] = populations.values()
    if (left) throw new DoesNotHold(`No evidence says that there was anything of ${left.kind}.`, openingPlace)
  }

  /** Takes an event of the scope. @throws {DoesNotHold} */
  event(event: RecordedEvent): void | Promise<void> {
    switch (event.type) {
      case 'EvidenceReaffirmed': {
        const { payload, position } = event
        const inForce = this.#inForce.get(keyOf(payload))?.payload
        const isSame =
          inForce?.evidenceId === payload.evidenceId &&
          inForce.fingerprint === payload.fingerprint &&
          inForce.itemCount === payload.itemCount
        if (!isSame) throw new DoesNotHold('It reaffirms other evidence than is in force.', { position })
        return
      }
      case 'EvidenceAttached':
        return this.#attach(event)
      default:
    }
  }

  /** After the last event: nothing is left over. @throws {DoesNotHold} */
  async finish(): Promise<void> {
    if (await this.#rows.next()) throw new DoesNotHold('No event attached this row.', this.#rows.place)
    await this.#deltas.finish()
    const unnamed = this.#items.firstUnnamed()
    if (unnamed !== null) {
      throw new DoesNotHold(`The item ${this.#items.hashOf(unnamed)} is there, and no evidence names it.`)
    }
  }

  close(): Promise<unknown> {
    return Promise.all([this.#rows.close(), this.#deltas.close()])
  }

  async #attach(event: AttachedEvent): Promise<void> {
    const place = await this.#takeRow(event)
    const { evidenceId, mode } = event.payload
    this.#inForce.set(keyOf(event.payload), event)
    const deltas = await this.#deltas.of(evidenceId)
    if (mode === 'state') this.#applyState(event, deltas, place)
    else this.#applyFeed(event, deltas, place)
  }

  async #takeRow(event: AttachedEvent): Promise<Place> {
    const row = await this.#rows.next()
    const { place } = this.#rows
    if (!row)
      throw new DoesNotHold('The evidence that the event attached has no row.', { position: event.position })
    checkRow(row, event, place)
    this.#count += 1
    return place
  }

  #applyState(event: AttachedEvent, deltas: readonly Delta[], place: Place): void {
    const { sourceId, kind } = event.payload
    requireFingerprint(event, this.held.applyState(sourceId, kind, deltas), place)
  }

  #applyFeed(event: AttachedEvent, deltas: readonly Delta[], place: Place): void {
    const { sourceId, kind, window, evidenceId } = event.payload
    if (this.#wanted.has(evidenceId)) this.windows.set(evidenceId, deltas)
    if (!window) throw new DoesNotHold('Evidence of a feed has no window.', { position: event.position })
    if (deltas.some(delta => delta.item === null)) {
      throw new DoesNotHold('In a feed nothing leaves.', { ...place, position: event.position })
    }
    requireFingerprint(event, this.held.applyFeed(sourceId, kind, { window, deltas }), place)
  }
}

const openingPlace: Place = { path: openingPath }

const keyOf = ({ sourceId, kind }: { sourceId: string; kind: EvidenceKind }) => `${sourceId} ${kind}`

function requireFingerprint(
  { position, payload }: AttachedEvent,
  { root, count }: { root: Buffer; count: number },
  place: Place,
): void {
  const where = { ...place, position }
  if (count !== payload.itemCount) {
    throw new DoesNotHold(
      `What was collected adds up to ${count} items, the event says ${payload.itemCount}.`,
      where,
    )
  }
  if (root.toString('hex') !== payload.fingerprint) {
    throw new DoesNotHold('What was collected does not lead to the fingerprint that the event has.', where)
  }
}
