import {
  type AssessmentState,
  type Candidate,
  evolveAssessment,
  initialAssessment,
} from '../domain/assessment/assessment.ts'
import { counted } from '../domain/control/words-reasons.ts'
import type { EventPayload } from '../domain/events.ts'
import { assessmentJson, isAssessmentEvent, isSample } from '../export/assessment-json.ts'
import { canonicalText } from '../ledger/canonical.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { eachEvent } from './check-events.ts'
import { rootOfFirst, type TreeHashes } from './check-tiles.ts'
import type { Container } from './container.ts'
import type { EvidenceWalk } from './evidence-walk.ts'
import { DoesNotHold, type Place } from './finding.ts'
import type { ItemStore } from './item-store.ts'
import type { Manifest } from './manifest.ts'
import { drawAgain } from './sample-draw.ts'

export interface AssessmentInput {
  readonly container: Container
  readonly manifest: Manifest
  readonly leafHashes: Buffer
  readonly tree: TreeHashes
}

type Attached = EventPayload<'EvidenceAttached'>

const eventsPath = 'assessment/events.jsonl.gz'
const documentPath = 'assessment/assessment.json'
const mostDocumentBytes = 64 * 1024 * 1024

/**
 * Holds an assessment to the ledger: its events are in the log, nothing between them is missing, what is attached was in
 * force at its moment, another person approved it and named a checkpoint that covers it, and the samples follow from
 * their seeds.
 */
export class AssessmentCheck {
  readonly #input: AssessmentInput
  readonly #evidence: { walk: EvidenceWalk; items: ItemStore }
  readonly #events: RecordedEvent[] = []
  readonly #known = new Map<string, Attached>()
  /** What is held to the evidence as it stood at a position, the earliest first. */
  #due: { position: number; check: () => void }[] = []
  readonly #drawn = new Map<string, readonly string[] | null>()
  #state: AssessmentState = initialAssessment

  constructor(input: AssessmentInput, evidence: { walk: EvidenceWalk; items: ItemStore }) {
    this.#input = input
    this.#evidence = evidence
  }

  /** Reads the events of the assessment, before those of the scope. @throws {DoesNotHold} */
  async load(): Promise<void> {
    const { assessment } = this.#input.manifest
    const paths = { events: eventsPath, leaves: 'assessment/leaves.jsonl.gz' }
    const versions = new Map<string, number>()
    let last = -1
    await eachEvent(this.#input, paths, ({ position, streamId, streamVersion }, place, decoded) => {
      if (position <= last) throw new DoesNotHold('The events of the assessment are out of order.', place)
      if (position > (assessment?.position ?? -1)) {
        throw new DoesNotHold('The event is later than the export.', place)
      }
      last = position
      const before = versions.get(streamId) ?? 0
      if (streamVersion !== before + 1) {
        const words = before === 0 ? 'is the first of its stream' : `follows on version ${before}`
        throw new DoesNotHold(
          `Version ${streamVersion} ${words}: an event of the assessment is missing.`,
          place,
        )
      }
      versions.set(streamId, streamVersion)
      this.#take(decoded(), place)
    })
    requireScope(this.#input.manifest, this.#state)
    this.#due.sort((one, other) => one.position - other.position)
  }

  /** Takes the evidence that the archive knows, as it comes. */
  evidence(event: RecordedEvent): void {
    if (event.type === 'EvidenceAttached') this.#known.set(event.payload.evidenceId, event.payload)
  }

  /** Before the event of a position is applied: what is due as of an earlier one. @throws {DoesNotHold} */
  before(position: number): void {
    while ((this.#due[0]?.position ?? Number.POSITIVE_INFINITY) < position) this.#due.shift()?.check()
  }

  /** After the last event. @throws {DoesNotHold} */
  finish(): string {
    this.before(Number.POSITIVE_INFINITY)
    this.#checkDocument()
    const { attached, status } = this.#state
    const samples = this.#events.filter(isSample).length
    const redrawn = [...this.#drawn.values()].filter(keys => keys !== null).length
    const gone = samples - redrawn
    const words =
      gone === 0 ? '' : `, ${counted(gone, ['of them', 'of them'])} from contents that were purged since`
    return `${counted(attached.size, ['attached row', 'attached rows'])} in force at their moments, ${statusWords[status]}, ${counted(samples, ['sample', 'samples'])} drawn again${words}`
  }

  #take(event: RecordedEvent, place: Place): void {
    const { manifest } = this.#input
    this.#events.push(event)
    if (isSample(event)) {
      if (event.payload.assessmentId !== manifest.assessment?.id) {
        throw new DoesNotHold('The sample is of another assessment.', place)
      }
      this.#takeSample(event.payload, place)
      return
    }
    if (!isAssessmentEvent(event) || event.streamId !== manifest.assessment?.id) {
      throw new DoesNotHold('The event is not of the assessment that the manifest names.', place)
    }
    switch (event.type) {
      case 'AssessmentEvidenceAttached':
        this.#takeAttachment(event.payload, place)
        break
      case 'AssessmentSubmitted':
        requireActor(event, event.payload.submittedBy, place)
        break
      case 'AssessmentApproved':
        this.#checkApproval(event, place)
        break
      default:
    }
    this.#state = evolveAssessment(this.#state, event)
  }

  #takeAttachment(attachment: Candidate, place: Place): void {
    const { periodFrom, periodTo } = this.#state
    const { instant, position, evidenceId, sourceId, kind } = attachment
    if (instant < periodFrom || instant > periodTo) {
      throw new DoesNotHold('The attached evidence lies outside the period of the assessment.', place)
    }
    this.#evidence.walk.want(evidenceId)
    this.#due.push({
      position,
      check: () => {
        const known = this.#known.get(evidenceId)
        const isSame =
          known?.fingerprint === attachment.fingerprint &&
          known.itemCount === attachment.itemCount &&
          known.sourceId === sourceId &&
          known.kind === kind
        if (!isSame) throw new DoesNotHold('What was attached is not the evidence that it names.', place)
        if (this.#evidence.walk.inForce(sourceId, kind) !== evidenceId) {
          throw new DoesNotHold(`The attached evidence was not in force at position ${position}.`, place)
        }
      },
    })
  }

  #takeSample(sample: EventPayload<'SampleDrawn'>, place: Place): void {
    const attachment = this.#state.attached.get(sample.attachmentId)
    const isOfIt =
      attachment?.evidenceId === sample.evidenceId &&
      attachment.fingerprint === sample.fingerprint &&
      attachment.position === sample.position &&
      attachment.instant === sample.instant &&
      attachment.kind === sample.kind &&
      attachment.sourceId === sample.sourceId
    if (!isOfIt) throw new DoesNotHold('The sample is of evidence that was not attached then.', place)
    const { walk, items } = this.#evidence
    this.#due.push({
      position: sample.position,
      check: () => {
        this.#drawn.set(sample.sampleId, drawAgain(sample, { walk, items }, place))
      },
    })
  }

  #checkApproval(event: Extract<RecordedEvent, { type: 'AssessmentApproved' }>, place: Place): void {
    const { approvedBy, checkpoint, attachments } = event.payload
    requireActor(event, approvedBy, place)
    const { status, submittedBy, attached } = this.#state
    if (status !== 'submitted') throw new DoesNotHold('What was approved was not submitted.', place)
    if (approvedBy === submittedBy) {
      throw new DoesNotHold('Who approved the assessment is who submitted it.', place)
    }
    if (attachments !== attached.size) {
      throw new DoesNotHold(
        `The approval is of ${attachments} attached rows, and ${attached.size} were attached.`,
        place,
      )
    }
    const submittedAt = this.#events.findLast(({ type }) => type === 'AssessmentSubmitted')?.position ?? 0
    const { tree } = this.#input
    const { size, root } = checkpoint
    const isCovering = size > submittedAt && size <= event.position
    if (!isCovering || rootOfFirst(tree, size).toString('hex') !== root) {
      throw new DoesNotHold(
        'The checkpoint that the approval names is not one of this log that covers it.',
        place,
      )
    }
  }

  #checkDocument(): void {
    const expected = assessmentJson(this.#events, this.#drawn)
    const found = this.#input.container.read(documentPath, mostDocumentBytes).toString('utf8')
    if (found === expected) return
    const words = differing(found, expected)
    throw new DoesNotHold(`What the document says of ${words} is not what the events lead to.`, {
      path: documentPath,
    })
  }
}

const statusWords = {
  none: 'never opened',
  open: 'open',
  submitted: 'submitted and not approved yet',
  approved: 'approved by another person than who submitted it',
} as const

function requireScope({ scope, assessment }: Manifest, state: AssessmentState): void {
  const place = { path: eventsPath }
  if (state.assessmentId !== assessment?.id) throw new DoesNotHold('The assessment was never opened.', place)
  const isItsPeriod = scope.kind === 'period' && scope.from === state.periodFrom && scope.to <= state.periodTo
  if (!isItsPeriod) {
    throw new DoesNotHold('The period of the archive is not the one of the assessment.', {
      path: 'manifest.json',
    })
  }
}

/** Who an event says acted is who the ledger recorded. */
function requireActor(event: RecordedEvent, userId: string, place: Place): void {
  if (event.actor === `user:${userId}`) return
  throw new DoesNotHold('The event names somebody else than who did it.', place)
}

/** The first part of a document that differs. */
function differing(found: string, expected: string): string {
  try {
    const [one, other]: Record<string, unknown>[] = [JSON.parse(found), JSON.parse(expected)]
    const key = Object.keys({ ...one, ...other }).find(
      name => canonicalText(one?.[name] ?? null) !== canonicalText(other?.[name] ?? null),
    )
    return key ? `its ${key}` : 'the assessment'
  } catch {
    return 'the assessment'
  }
}
