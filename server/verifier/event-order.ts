import { type StreamType, streamTypes } from '../domain/events.ts'
import type { EventLine } from './event-line.ts'
import { DoesNotHold, NotCheckable, type Place } from './finding.ts'
import type { Manifest } from './manifest.ts'

/** Streams that the opening events tell whole, and those of which they hold the last word. */
const wholeStreams: readonly StreamType[] = ['organization', 'connection', 'account', 'exception', 'review']
const lastWordStreams: readonly StreamType[] = ['control', 'evidence', 'member']

/** Holds events to each other, as they come: positions, times and the versions of their streams. */
export class EventOrder {
  readonly #manifest: Manifest
  readonly #instants: { readonly from: number; readonly to: number }
  readonly #streams = new Map<string, { type: string; version: number; isOpening: boolean }>()
  #position = -1
  #at = Number.NEGATIVE_INFINITY

  constructor(manifest: Manifest) {
    const { scope, asOf } = manifest
    this.#manifest = manifest
    this.#instants = {
      from: scope.kind === 'period' ? Date.parse(scope.from) : Number.NEGATIVE_INFINITY,
      to: Date.parse(asOf.instant),
    }
  }

  /** How many streams there are. */
  get streams(): number {
    return this.#streams.size
  }

  /** Streams that are told of before a period and do not go on in it: that no newer word of them stood before, no version shows. */
  get ended(): number {
    return [...this.#streams.values()].filter(stream => stream.isOpening).length
  }

  /** @throws {DoesNotHold} */
  add(event: EventLine, place: Place & { isOpening: boolean }): void {
    this.#requirePlace(event, place)
    if (event.at <= this.#at) {
      throw new DoesNotHold('The event is not later than the one before it.', place)
    }
    this.#requireVersion(event, place)
    this.#position = event.position
    this.#at = event.at
  }

  /** @throws {DoesNotHold} where events of the scope are missing */
  finish(): void {
    const { asOf, firstPosition } = this.#manifest
    if (asOf.position >= firstPosition && this.#position !== asOf.position) {
      throw new DoesNotHold('The last event is not there.', { position: asOf.position })
    }
  }

  #requirePlace({ position, at }: EventLine, place: Place & { isOpening: boolean }): void {
    const { firstPosition } = this.#manifest
    const { from, to } = this.#instants
    if (place.isOpening) {
      if (position <= this.#position) throw new DoesNotHold('The opening events are out of order.', place)
      if (position >= firstPosition) throw new DoesNotHold('The event is not before the period.', place)
      if (at > from) throw new DoesNotHold('The event is later than the beginning of the period.', place)
      return
    }
    const expected = Math.max(firstPosition, this.#position + 1)
    if (position !== expected) {
      throw new DoesNotHold(`The event should have position ${expected}, and has ${position}.`, place)
    }
    if (at <= from) throw new DoesNotHold('The event is not later than the beginning of the period.', place)
    if (at > to) throw new DoesNotHold('The event is later than the moment that the archive is of.', place)
  }

  #requireVersion(
    { streamId, streamType, streamVersion }: EventLine,
    place: Place & { isOpening: boolean },
  ): void {
    const type = streamTypes.find(known => known === streamType)
    if (!type) throw new NotCheckable(`This verifier does not know streams of the type ${streamType}.`, place)
    const { isOpening } = place
    const before = this.#streams.get(streamId)
    if (before && before.type !== type) {
      throw new DoesNotHold(`The stream is of the type ${before.type}, and here of ${type}.`, place)
    }
    if (!this.#mayFollow(before?.version ?? null, streamVersion, type, isOpening)) {
      const words = before ? `follows on version ${before.version}` : 'is the first'
      throw new DoesNotHold(`Version ${streamVersion} of its stream ${words}: an event is missing.`, place)
    }
    if (!before) this.#streams.set(streamId, { type, version: streamVersion, isOpening })
    else {
      before.version = streamVersion
      before.isOpening = isOpening
    }
  }

  #mayFollow(before: number | null, version: number, type: StreamType, isOpening: boolean): boolean {
    if (version === (before ?? 0) + 1) return true
    // Of what lies before a period only a choice is there: newer words of a stream, but not all.
    if (isOpening) return !wholeStreams.includes(type) && version > (before ?? 0)
    const isPeriod = this.#manifest.scope.kind === 'period'
    return isPeriod && before === null && ![...wholeStreams, ...lastWordStreams].includes(type)
  }
}
