import { createHash, hash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import type postgres from 'postgres'
import type { EventPayload, StreamType } from '../../../server/domain/events.ts'
import { canonicalText } from '../../../server/ledger/canonical.ts'
import { domainEvent, newestSchema } from '../../../server/ledger/decode.ts'
import { envelopeText } from '../../../server/ledger/envelope.ts'
import { controlStream, derivedId, evidenceStream, newId } from '../../../server/ledger/ids.ts'
import type { NewEvent, StreamReference } from '../../../server/ledger/recorded-event.ts'
import { sealNow } from '../../../server/ledger/seal-log.ts'
import { rebuildProjections } from '../../../server/projections/rebuild/rebuild.ts'
import type { BenchContext, BenchDatabase } from '../bench.ts'
import type { BenchOffice } from '../sync/office.ts'
import { type FirstRun, readFirstRun } from './runs.ts'

const hour = 3_600_000
const runsADay = 24
const runsAWeek = 7 * runsADay
/** Accounts that another week finds changed. */
const changedAWeek = 500
/** Runs after which a control is judged otherwise. */
const turnEvery = 36
/** Days after which the client secret is replaced; it is good for ten more. */
const secretDays = 170

export interface Years {
  /** Runs, one an hour. */
  runs: number
  /** When the first of them was. */
  from: Date
}

/**
 * Gives an organization that synced once an hourly run after the other: each finds its kinds as they were, one a week some
 * accounts changed; a control turns from time to time and an alert with it. The events are those of the product in a
 * bulk: their payloads are checked, their envelopes hashed, and they are copied into the ledger as the server's
 * administrator; rows follow by a rebuild, tiles and checkpoint by a seal. The fingerprints of changed inventories alone
 * are made up: each would take as long as a sync.
 */
export async function playYears(
  { signal, say }: Pick<BenchContext, 'signal' | 'say'>,
  database: BenchDatabase,
  { services, organizationId }: BenchOffice,
  { runs, from }: Years,
): Promise<void> {
  const first = await readFirstRun(services.ledger, organizationId)
  const admin = database.connectPlain({ max: 1 })
  const log = await Log.open(admin, organizationId)
  const attached: Attached[] = []
  say(`copying ${runs} runs into the ledger`)
  await admin`set session_replication_role = replica`
  await copyInto(
    admin,
    'ledger.events',
    (function* () {
      for (let run = 0; run < runs; run++) {
        signal.throwIfAborted()
        yield* log.lines(new Date(from.getTime() + run * hour), eventsOf(first, run, attached))
      }
    })(),
  )
  await log.close()
  await writeEvidence(admin, organizationId, attached)
  await admin`set session_replication_role = origin`
  // What a server that was up for years knows of its tables by itself.
  await admin`vacuum analyze`
  say(`projecting ${log.size} events`)
  await rebuildProjections(services, { organizationId, isCheck: false, signal })
  say('sealing')
  await sealNow(services, organizationId)
  await admin`vacuum analyze`
}

type Inventory = FirstRun['attached'][number]

/** An evidence row to be written for its event. */
interface Attached {
  payload: EventPayload<'EvidenceAttached'>
  /** The first evidence of its kind, which its provenance is taken from. */
  of: Inventory
  position: number
  at: Date
  week: number
}

interface LoggedEvent {
  stream: StreamReference
  actor: string
  event: NewEvent
  onRecorded?: (position: number, at: Date) => void
}

/** What one run appends, in the order of the product. */
function* eventsOf(first: FirstRun, run: number, attached: Attached[]): Generator<LoggedEvent> {
  const { connectionId, sourceId } = first.started
  const actor = 'system:sync'
  const runId = newId()
  const stream = { type: 'run', id: runId } as const
  yield { actor, stream, event: { type: 'SyncStarted', payload: { ...first.started, runId } } }
  const week = run % runsAWeek === runsAWeek - 1 ? Math.floor(run / runsAWeek) : null
  for (const of of first.attached) {
    const evidence = { type: 'evidence', id: evidenceStream(sourceId, of.kind) } as const
    if (of.kind === 'user_inventory' && week !== null) {
      const payload = changedInventory(of, runId)
      yield {
        actor,
        stream: evidence,
        event: { type: 'EvidenceAttached', payload },
        onRecorded: (position, at) => attached.push({ payload, of, position, at, week }),
      }
      continue
    }
    const { kind, itemCount, collectedFrom, collectedTo } = of
    const { evidenceId, fingerprint } = (of.kind === 'user_inventory' && attached.at(-1)?.payload) || of
    yield {
      actor,
      stream: evidence,
      event: {
        type: 'EvidenceReaffirmed',
        payload: {
          ...{ connectionId, sourceId, runId, kind, evidenceId, fingerprint, itemCount },
          ...{ collectedFrom, collectedTo, requestIds: [] },
        },
      },
    }
  }
  if (run % turnEvery === 0) yield* turn(first, run / turnEvery)
  yield { actor, stream, event: { type: 'SyncSucceeded', payload: { ...first.ended, runId } } }
  if (run % (secretDays * runsADay) === 0) {
    const ends = new Date(Date.now() + 180 * runsADay * hour).toISOString().slice(0, 10)
    yield {
      actor: 'system:bench',
      stream: { type: 'connection', id: connectionId },
      event: { type: 'ClientSecretReplaced', payload: { connectionId, secretExpiresOn: ends } },
    }
  }
}

function changedInventory(of: Inventory, runId: string): EventPayload<'EvidenceAttached'> {
  const evidenceId = newId()
  const changed = Math.min(changedAWeek, of.itemCount)
  const changes = { joined: 0, changed, left: 0 }
  return { ...of, runId, evidenceId, changes, fingerprint: hash('sha256', evidenceId, 'hex') }
}

/** A control fails and an alert is raised, or it passes again and the alert is over. */
function* turn({ judged }: FirstRun, turns: number): Generator<LoggedEvent> {
  const { controlId, sourceId, connectionId } = judged
  const verdict = turns % 2 === 0 ? 'fail' : 'pass'
  let causedAt = 0
  let since = ''
  yield {
    actor: 'system:sync',
    stream: { type: 'control', id: controlStream(sourceId, controlId) },
    event: { type: 'ControlEvaluated', payload: { ...judged, verdict } },
    onRecorded(position, at) {
      causedAt = position
      since = at.toISOString()
    },
  }
  const alertId = derivedId('alert', controlId, Math.floor(turns / 2))
  const cause = { kind: 'control_failed', controlId, sourceId, connectionId } as const
  yield {
    actor: 'system:alerts',
    stream: { type: 'alert', id: alertId },
    event:
      verdict === 'fail'
        ? { type: 'AlertRaised', payload: { alertId, cause, since, causedAt } }
        : { type: 'AlertResolved', payload: { alertId, because: 'passes' } },
  }
}

/** The end of an organization's ledger: hands out positions, versions and times as `ledger.append` does. */
class Log {
  readonly #admin: postgres.Sql
  readonly #organizationId: string
  readonly #versions: Map<string, number>
  readonly #newStreams = new Map<string, StreamType>()
  #lastAt: number
  size: number

  private constructor(
    admin: postgres.Sql,
    organizationId: string,
    known: { size: number; lastAt: Date; versions: Map<string, number> },
  ) {
    this.#admin = admin
    this.#organizationId = organizationId
    this.#versions = known.versions
    this.#lastAt = known.lastAt.getTime()
    this.size = known.size
  }

  static async open(admin: postgres.Sql, organizationId: string): Promise<Log> {
    const [head] = await admin<{ size: number; lastAt: Date }[]>`
      select size::int, last_at as "lastAt" from ledger.head where organization_id = ${organizationId}`
    if (!head) throw new Error('the organization has no ledger')
    const versions = await admin<{ id: string; version: number }[]>`
      select stream_id as id, max(stream_version)::int as version
        from ledger.events where organization_id = ${organizationId} group by stream_id`
    return new Log(admin, organizationId, {
      ...head,
      versions: new Map(versions.map(({ id, version }) => [id, version])),
    })
  }

  /** The events as lines of a COPY, each a millisecond behind the one before. */
  *lines(from: Date, events: Iterable<LoggedEvent>): Generator<string> {
    this.#lastAt = Math.max(this.#lastAt, from.getTime())
    for (const { stream, actor, event, onRecorded } of events) {
      const version = (this.#versions.get(stream.id) ?? 0) + 1
      if (version === 1) this.#newStreams.set(stream.id, stream.type)
      this.#versions.set(stream.id, version)
      this.#lastAt += 1
      const { type, payload } = domainEvent(event.type, event.payload)
      const text = canonicalText(payload)
      const envelope = {
        actor,
        type,
        recordedAt: new Date(this.#lastAt),
        eventId: newId(),
        organizationId: this.#organizationId,
        payloadSha256: hash('sha256', text, 'hex'),
        schemaVersion: newestSchema(type),
        position: this.size,
        streamId: stream.id,
        streamVersion: version,
      }
      const leaf = createHash('sha256').update('\0').update(envelopeText(envelope)).digest('hex')
      const { organizationId, position, streamId, eventId, schemaVersion, recordedAt } = envelope
      const cells = [organizationId, position, streamId, version, eventId, type, schemaVersion]
      yield `${[...cells, recordedAt.toISOString(), actor, escaped(text)].join('\t')}\t\\\\x${leaf}\n`
      onRecorded?.(this.size, recordedAt)
      this.size += 1
    }
  }

  /** Writes what events rest on. */
  async close(): Promise<void> {
    const streams = [...this.#newStreams].map(([id, type]) => `${this.#organizationId}\t${id}\t${type}\n`)
    await copyInto(this.#admin, 'ledger.streams', streams)
    await this.#admin`
      update ledger.head set size = ${this.size}, last_at = ${new Date(this.#lastAt)}
       where organization_id = ${this.#organizationId}`
  }
}

async function copyInto(admin: postgres.Sql, table: string, lines: Iterable<string>): Promise<void> {
  await pipeline(inPieces(lines), await admin`copy ${admin(table)} from stdin`.writable())
}

function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = ''
  for (const line of lines) {
    piece += line
    if (piece.length < 1_000_000) continue
    yield piece
    piece = ''
  }
  yield piece
}

const escaped = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n')

/** The evidence rows with what each changed: other accounts every week, until it is the turn of the first ones again. */
async function writeEvidence(
  admin: postgres.Sql,
  organizationId: string,
  attached: readonly Attached[],
): Promise<void> {
  const [inventory] = attached
  if (!inventory) return
  await admin`
    create temporary table account on commit preserve rows as
    select row_number() over (order by d.subject_key) - 1 as place, d.subject_key, b.body
      from ledger.evidence_delta d
      join ledger.item_body b on b.organization_id = d.organization_id and b.hash = d.item_hash
     where d.organization_id = ${organizationId} and d.evidence_id = ${inventory.of.evidenceId}`
  await admin`create index on account (place)`
  await admin`analyze account`
  for (const { payload, of, position, at, week } of attached) {
    const { evidenceId, runId, fingerprint, changes, itemCount } = payload
    await admin`
      insert into ledger.evidence (organization_id, id, position, connection_id, source_id, run_id, kind, mode, fingerprint,
        item_count, collected_from, collected_to, window_from, window_to, summary, provenance)
      select organization_id, ${evidenceId}, ${position}, connection_id, source_id, ${runId}, kind, mode,
             ${Buffer.from(fingerprint, 'hex')}, item_count, ${at}, ${at}, window_from, window_to, summary, provenance
        from ledger.evidence where organization_id = ${organizationId} and id = ${of.evidenceId}`
    const from = week * changes.changed
    await admin`
      with changed as materialized (
        select subject_key, body, sha256(convert_to(body, 'UTF8')) as hash
          from (select subject_key, regexp_replace(body, '"employeeHireDate":(null|"[^"]*")',
                         '"employeeHireDate":"' || ${at.toISOString()}::text || '"') as body
                  from generate_series(${from}::int, ${from + changes.changed - 1}::int) as number
                  join account on place = number % ${itemCount}::int) as found),
      items as (
        insert into ledger.item (organization_id, hash) select ${organizationId}::uuid, hash from changed),
      bodies as (
        insert into ledger.item_body (organization_id, hash, body)
        select ${organizationId}::uuid, hash, body from changed)
      insert into ledger.evidence_delta (organization_id, evidence_id, subject_key, item_hash)
      select ${organizationId}::uuid, ${evidenceId}::uuid, subject_key, hash from changed`
  }
}
