import { and, asc, eq, gt, lte } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { events } from '../../db/schema/ledger.ts'
import type { EventPayload } from '../domain/events.ts'
import { canonicalText, sha256Hex } from '../ledger/canonical.ts'
import { decodeEvent } from '../ledger/decode.ts'
import { envelopeText } from '../ledger/envelope.ts'
import type { LogKey } from '../ledger/log-keys.ts'
import { CompactTree, leafHash } from '../ledger/merkle.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { CheckpointCheck } from './check-checkpoints.ts'
import { EvidenceCheck } from './check-evidence.ts'
import { TileCheck } from './check-tiles.ts'
import type { Findings } from './findings.ts'
import type { VerificationRun } from './verify-ledger.ts'

const pageSize = 5_000

export interface LogStart {
  /** Events of the log when the verification began. */
  size: number
  simulated: boolean
  /** How far the newest checkpoint reached then. */
  sealedSize: number
  keys: readonly LogKey[]
}

type EventRow = typeof events.$inferSelect

/**
 * Goes through the log event by event: order, time, leaves, and with each page the tiles, checkpoints and evidence rows
 * that belong to it.
 */
export class LogWalk {
  readonly #run: VerificationRun
  readonly #findings: Findings
  readonly #start: LogStart
  readonly #tree = new CompactTree()
  readonly #tiles: TileCheck
  readonly #checkpoints: CheckpointCheck
  readonly #evidence: EvidenceCheck
  #lastTime = Number.NEGATIVE_INFINITY

  /** Keys and purges as their events tell them, by position. */
  readonly adopted = new Map<number, EventPayload<'SigningKeyAdopted'>>()
  readonly purges = new Map<number, EventPayload<'ItemsPurged'>>()

  constructor(run: VerificationRun, findings: Findings, start: LogStart) {
    this.#run = run
    this.#findings = findings
    this.#start = start
    this.#tiles = new TileCheck(run, findings, start)
    this.#checkpoints = new CheckpointCheck(run, findings, start)
    this.#evidence = new EvidenceCheck(run, findings)
  }

  get size(): number {
    return this.#tree.size
  }

  get counted() {
    return {
      checkpoints: this.#checkpoints.count,
      tiles: this.#tiles.count,
      evidence: this.#evidence.count,
    }
  }

  root(): Buffer {
    return this.#tree.root()
  }

  async toEnd(): Promise<void> {
    const { signal, onProgress } = this.#run
    const { size } = this.#start
    for (let after = -1; after < size - 1; after += pageSize) {
      signal.throwIfAborted()
      onProgress({ part: 'events', done: after + 1, of: size })
      const rows = await this.#page(after)
      const last = rows.at(-1)
      if (!last) continue
      await this.#checkpoints.load({ after: after + 1, until: last.position + 1 })
      const attached: RecordedEvent[] = []
      for (const row of rows) {
        const event = this.#check(row)
        if (event) attached.push(event)
      }
      await this.#tiles.compare()
      await this.#evidence.check(attached, { after, until: last.position })
    }
    onProgress({ part: 'events', done: this.#tree.size, of: size })
    if (this.#tree.size < size) {
      this.#findings.note('order', `The log ends after ${this.#tree.size} events; it had ${size}.`)
    }
  }

  /** A range of positions: a limit would have a planner without statistics sort all that follows. */
  #page(after: number): Promise<EventRow[]> {
    const { database, organizationId } = this.#run
    return database.withOrganization(organizationId, (transaction: Transaction) =>
      transaction
        .select()
        .from(events)
        .where(
          and(
            eq(events.organizationId, organizationId),
            gt(events.position, after),
            lte(events.position, Math.min(after + pageSize, this.#start.size - 1)),
          ),
        )
        .orderBy(asc(events.position)),
    )
  }

  /** One event in its place; what it says, where it can be read. */
  #check(row: EventRow): RecordedEvent | null {
    const { position } = row
    const place = this.#tree.size
    if (position !== place) {
      this.#findings.note('order', `The event at position ${place} is missing.`, place)
      this.#checkpoints.giveUp(place)
      this.#tiles.giveUp()
    }
    const time = row.recordedAt.getTime()
    if (!(time > this.#lastTime)) {
      this.#findings.note(
        'order',
        `The event at position ${position} is not later than the one before it.`,
        position,
      )
    }
    this.#lastTime = time
    this.#addLeaf(row)
    return this.#read(row)
  }

  #addLeaf(row: EventRow) {
    const { position } = row
    let leaf = row.leafHash
    const isRecorded = this.#findings.check('events', `The event at position ${position}`, position, () => {
      const envelope = { ...row, type: row.eventType, payloadSha256: sha256Hex(row.payload) }
      leaf = leafHash(Buffer.from(envelopeText(envelope)))
      return leaf.equals(row.leafHash)
    })
    if (!isRecorded) {
      this.#findings.note(
        'events',
        `The event at position ${position} is not what was recorded: its hash differs from its leaf.`,
        position,
      )
    }
    this.#tree.add(leaf)
    this.#tiles.add(leaf)
    this.#checkpoints.passed(this.#tree)
  }

  #read(row: EventRow): RecordedEvent | null {
    const { position } = row
    let event: RecordedEvent | null = null
    try {
      const { leafHash: _, ...stored } = row
      event = decodeEvent(stored)
      if (canonicalText(JSON.parse(row.payload)) !== row.payload) event = null
    } catch {
      event = null
    }
    if (!event) {
      this.#findings.note(
        'events',
        `The event at position ${position} is of a type or form that is not known.`,
        position,
      )
      return null
    }
    if (event.type === 'SigningKeyAdopted') this.adopted.set(position, event.payload)
    if (event.type === 'ItemsPurged') this.purges.set(position, event.payload)
    if (event.type === 'OrganizationCreated' && event.payload.simulated !== this.#start.simulated) {
      this.#findings.note('order', 'The log is not marked as simulated as its first event says.', position)
    }
    return event
  }
}
