import { and, asc, eq, gt, lte } from 'drizzle-orm'
import { evidence, evidenceDelta } from '../../db/schema/ledger.ts'
import type { EventPayload } from '../domain/events.ts'
import { fingerprintEvidence } from '../evidence/fingerprint.ts'
import { SubjectEntries } from '../evidence/subject-entries.ts'
import { canonicalText, sha256Hex } from '../ledger/canonical.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import type { Findings } from './findings.ts'
import { type Delta, withDeltas } from './fold-deltas.ts'
import type { VerificationRun } from './verify-ledger.ts'

type EvidenceRow = typeof evidence.$inferSelect
type Attached = EventPayload<'EvidenceAttached'>
type Reaffirmed = EventPayload<'EvidenceReaffirmed'>

const deltaPageSize = 10_000

/**
 * Holds evidence rows to the events that attached them, and what they changed to their fingerprints. Keeps the
 * population of each kind of each source as it was last.
 */
export class EvidenceCheck {
  readonly #run: VerificationRun
  readonly #findings: Findings
  readonly #populations = new Map<string, SubjectEntries>()
  readonly #newest = new Map<string, Attached>()
  count = 0

  constructor(run: VerificationRun, findings: Findings) {
    this.#run = run
    this.#findings = findings
  }

  /** Checks the events of a page against the rows of its positions. */
  async check(
    page: readonly RecordedEvent[],
    { after, until }: { after: number; until: number },
  ): Promise<void> {
    const rows = new Map((await this.#rows(after, until)).map(row => [row.id, row]))
    for (const event of page) {
      this.#run.signal.throwIfAborted()
      if (event.type === 'EvidenceReaffirmed') this.#checkReaffirmed(event.position, event.payload)
      if (event.type !== 'EvidenceAttached') continue
      const { position, payload } = event
      this.#newest.set(populationKey(payload), payload)
      this.#checkRow(position, payload, rows.get(payload.evidenceId))
      rows.delete(payload.evidenceId)
      await this.#checkPopulation(position, payload)
    }
    for (const { id, position } of rows.values()) {
      this.#findings.note(
        'surplus',
        `No event attached the evidence ${id} at position ${position}.`,
        position,
      )
    }
  }

  #checkRow(position: number, payload: Attached, row: EvidenceRow | undefined) {
    this.count += 1
    const name = `The evidence ${payload.evidenceId}`
    if (!row) {
      const words = `${name}, which the event at position ${position} attached, is missing.`
      return this.#findings.note('evidence', words, position)
    }
    const isSame = this.#findings.check('evidence', name, position, () => sameAs(row, position, payload))
    if (isSame) return
    const words = `${name} does not say what the event at position ${position} says that attached it.`
    this.#findings.note('evidence', words, position)
  }

  #checkReaffirmed(position: number, payload: Reaffirmed) {
    const attached = this.#newest.get(populationKey(payload))
    const isSame =
      attached?.evidenceId === payload.evidenceId &&
      attached.fingerprint === payload.fingerprint &&
      attached.itemCount === payload.itemCount
    if (isSame) return
    this.#findings.note(
      'evidence',
      `The event at position ${position} reaffirms evidence that was not the newest of its kind.`,
      position,
    )
  }

  async #checkPopulation(position: number, payload: Attached) {
    const key = populationKey(payload)
    const { evidenceId, window, mode } = payload
    const before = mode === 'feed' ? undefined : this.#populations.get(key)
    const population = await withDeltas(before ?? new SubjectEntries(), this.#deltas(evidenceId))
    if (mode === 'state') this.#populations.set(key, population)
    const bounds = window && { from: new Date(window.from), to: new Date(window.to) }
    const fingerprint = fingerprintEvidence(population.entries(), bounds).toString('hex')
    if (population.size === payload.itemCount && fingerprint === payload.fingerprint) return
    this.#findings.note(
      'populations',
      `What changed up to the evidence ${evidenceId} does not add up to its fingerprint.`,
      position,
    )
  }

  #rows(after: number, until: number): Promise<EvidenceRow[]> {
    const { database, organizationId } = this.#run
    return database.withOrganization(organizationId, transaction =>
      transaction
        .select()
        .from(evidence)
        .where(
          and(
            eq(evidence.organizationId, organizationId),
            gt(evidence.position, after),
            lte(evidence.position, until),
          ),
        ),
    )
  }

  /** By pages, in the order of the subject. */
  async *#deltas(evidenceId: string): AsyncGenerator<Delta[]> {
    const { database, organizationId } = this.#run
    let after: string | null = null
    for (;;) {
      const from: string | null = after
      const page: Delta[] = await database.withOrganization(organizationId, transaction =>
        transaction
          .select({ subjectKey: evidenceDelta.subjectKey, itemHash: evidenceDelta.itemHash })
          .from(evidenceDelta)
          .where(
            and(
              eq(evidenceDelta.organizationId, organizationId),
              eq(evidenceDelta.evidenceId, evidenceId),
              from === null ? undefined : gt(evidenceDelta.subjectKey, from),
            ),
          )
          .orderBy(asc(evidenceDelta.subjectKey))
          .limit(deltaPageSize),
      )
      yield page
      const last = page.at(-1)
      if (!last || page.length < deltaPageSize) return
      after = last.subjectKey
    }
  }
}

const populationKey = ({ sourceId, kind }: Pick<Attached, 'sourceId' | 'kind'>) => `${sourceId} ${kind}`

/** The row's columns as the event has them: instants as text, hashes in hexadecimal. */
function sameAs(row: EvidenceRow, position: number, payload: Attached): boolean {
  const { windowFrom, windowTo } = row
  const stored = {
    evidenceId: row.id,
    connectionId: row.connectionId,
    sourceId: row.sourceId,
    runId: row.runId,
    kind: row.kind,
    mode: row.mode,
    fingerprint: row.fingerprint.toString('hex'),
    itemCount: row.itemCount,
    collectedFrom: row.collectedFrom.toISOString(),
    collectedTo: row.collectedTo.toISOString(),
    window: windowFrom && windowTo && { from: windowFrom.toISOString(), to: windowTo.toISOString() },
    provenanceSha256: sha256Hex(row.provenance),
  }
  const recorded = Object.fromEntries(
    Object.keys(stored).map(name => [name, payload[name as keyof Attached]]),
  )
  return (
    row.position === position &&
    canonicalText(stored) === canonicalText(recorded) &&
    row.summary === canonicalText(payload.summary) &&
    (windowFrom === null) === (windowTo === null)
  )
}
