import { absentKinds } from '../connectors/offered.ts'
import { guestList } from '../coverage/guest-list.ts'
import { fingerprintInputs, judgeControls, revokedInputs } from '../coverage/judge-controls.ts'
import type { ControlDefinition } from '../domain/control/definition.ts'
import type { Judgement } from '../domain/control/judgement.ts'
import { judgeRevoked } from '../domain/control/rules/missing-evidence.ts'
import { canonicalText } from '../ledger/canonical.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { type ArchivedItems, BodyPurged } from './archived-items.ts'
import { declarationsOf } from './declarations.ts'
import { DoesNotHold } from './finding.ts'
import type { LedgerState } from './ledger-state.ts'

type Reviewed = Extract<RecordedEvent, { type: 'GuestsReviewed' }>
type Evaluated = Extract<RecordedEvent, { type: 'ControlEvaluated' }>

/**
 * Judges anew what was judged: each recorded verdict by the rules of the catalogue version in force, on what was held
 * then. After each run every control has the verdict of what the run led to.
 */
export class VerdictWalk {
  readonly #state: LedgerState
  readonly #items: ArchivedItems
  readonly #believed: number[] = []
  #recomputed = 0
  /** Sources of which something came, since their last run, that a verdict may follow from. */
  readonly #stirred = new Set<string>()
  /** Kinds of sources that could not be read last. */
  readonly #troubled = new Set<string>()

  constructor(state: LedgerState, items: ArchivedItems) {
    this.#state = state
    this.#items = items
  }

  /** How many verdicts were judged anew; the positions of those on purged bodies, which are believed. */
  get counts(): { recomputed: number; believed: readonly number[] } {
    return { recomputed: this.#recomputed, believed: this.#believed }
  }

  /** Takes an event of the scope, before it is applied to the state. @throws {DoesNotHold} */
  event(event: RecordedEvent): void | Promise<void> {
    switch (event.type) {
      case 'ControlEvaluated':
        return this.#evaluated(event)
      case 'GuestsReviewed':
        this.#stirred.add(event.payload.sourceId)
        return this.#reviewed(event)
      case 'SyncSucceeded':
      case 'SyncPartlySucceeded':
        if (this.#stirred.delete(event.payload.sourceId)) this.#requireAll(event.payload.sourceId, event)
        return
      case 'EvidenceUnavailable':
        this.#troubled.add(kindOf(event.payload))
        this.#stirred.add(event.payload.sourceId)
        return
      case 'EvidenceAttached':
        this.#troubled.delete(kindOf(event.payload))
        this.#stirred.add(event.payload.sourceId)
        return
      case 'EvidenceReaffirmed':
        if (this.#troubled.delete(kindOf(event.payload))) this.#stirred.add(event.payload.sourceId)
        return
      case 'ConnectionConnected':
        this.#stirred.add(event.payload.sourceId)
        return
      case 'CatalogueAdopted':
      case 'ConnectionReauthorized':
      case 'GrantedScopesChanged':
      case 'ClientSecretReplaced':
      case 'ThresholdChanged':
      case 'AccountClassDeclared':
      case 'AccountClassWithdrawn':
      case 'AdministratorApproved':
      case 'AdministratorWithdrawn':
      case 'ExceptionApproved':
      case 'ExceptionWithdrawn':
      case 'PolicyChangeAcknowledged':
      case 'SignInSettled':
      case 'SettlementCorrected':
        for (const { sourceId } of this.#state.rows('connection')) this.#stirred.add(sourceId)
        return
      default:
    }
  }

  async #evaluated(event: Evaluated): Promise<void> {
    try {
      requireSame(event, await this.#judge(event))
      this.#recomputed += 1
    } catch (error) {
      if (!(error instanceof BodyPurged)) throw error
      this.#believed.push(event.position)
    }
  }

  /** What a review says that it looked at is the list of guests that was held then. */
  async #reviewed({ payload, position, recordedAt }: Reviewed): Promise<void> {
    const inputs = this.#state.inputsOf(payload.sourceId, recordedAt, [])
    if (!inputs) throw new DoesNotHold('The review is of a directory that was never connected.', { position })
    try {
      const { subjectKeys, fingerprint } = await guestList(
        this.#items.of(payload.sourceId),
        inputs.decisions,
        recordedAt,
      )
      if (subjectKeys.length === payload.count && fingerprint === payload.fingerprint) return
    } catch (error) {
      if (!(error instanceof BodyPurged)) throw error
      this.#believed.push(position)
      return
    }
    throw new DoesNotHold('The review of guests is of another list than the directory had then.', {
      position,
    })
  }

  async #judge(event: Evaluated): Promise<Judgement> {
    const { payload, position } = event
    const at = judgedAt(event)
    const { controlId, sourceId, connectionId, catalogueVersion, inputs: recorded } = payload
    const connection = this.#state.connectionTo(sourceId)
    if (connection?.id !== connectionId) {
      throw new DoesNotHold('The verdict is of a connection that does not stand for its source.', {
        position,
      })
    }
    if (recorded === revokedInputs(connectionId)) {
      if (connection.status === 'revoked') return judgeRevoked()
      throw new DoesNotHold('The verdict is of a revocation, and the connection stands.', { position })
    }
    const control = this.#controls.find(({ id }) => id === controlId)
    if (!control || this.#state.catalogue?.version !== catalogueVersion) {
      throw new DoesNotHold('The verdict is not of the catalogue version in force.', { position })
    }
    const known = this.#inputsFor(control, sourceId, at).find(({ fingerprint }) => fingerprint === recorded)
    if (!known) {
      throw new DoesNotHold('What the verdict says it was judged on is not what was held then.', { position })
    }
    const judgements = await judgeControls(this.#items.of(sourceId), known.inputs, { ...known.options, at }, [
      control.id,
    ])
    const judgement = judgements.get(control.id)
    if (!judgement) throw new DoesNotHold(`There is no rule for ${controlId}.`, { position })
    return judgement
  }

  /** After a run: no control has a verdict of something that is held no more. */
  #requireAll(sourceId: string, { position, recordedAt }: RecordedEvent): void {
    const recorded = this.#state.rows('verdict').filter(row => row.sourceId === sourceId)
    for (const control of this.#controls) {
      const row = recorded.find(({ controlId }) => controlId === control.id)
      if (
        !this.#inputsFor(control, sourceId, recordedAt).some(({ fingerprint }) => fingerprint === row?.inputs)
      ) {
        throw new DoesNotHold(`${control.id} was not judged on what the run that ends here brought.`, {
          position,
        })
      }
    }
  }

  get #controls(): readonly ControlDefinition[] {
    return this.#state.catalogue?.controls ?? []
  }

  /** What a control’s rule looks at, by each declaration that its connector ever made. */
  #inputsFor(control: ControlDefinition, sourceId: string, at: Date) {
    const connection = this.#state.connectionTo(sourceId)
    if (!connection) return []
    return declarationsOf(connection.connector).flatMap(declaration => {
      const { requiredScopes } = declaration
      const options = { sourceId, requiredScopes, absentKinds: absentKinds(declaration, connection.cloud) }
      const inputs = this.#state.inputsOf(sourceId, at, options.absentKinds)
      return inputs ? [{ options, inputs, fingerprint: fingerprintInputs(control, inputs, options) }] : []
    })
  }
}

const kindOf = ({ sourceId, kind }: { sourceId: string; kind: string }) => `${sourceId} ${kind}`

/** Far more than the command takes that judges and records, of a directory of any size. */
const longestCommand = 3_600_000

/** The instant to judge anew at. @throws {DoesNotHold} for one that the command which recorded it cannot have judged at */
function judgedAt({ payload, position, recordedAt }: Evaluated): Date {
  if (payload.judgedAt === null) return recordedAt
  const at = new Date(payload.judgedAt)
  const passed = recordedAt.getTime() - at.getTime()
  if (passed < 0 || passed > longestCommand) {
    throw new DoesNotHold(
      `The verdict was recorded at ${recordedAt.toISOString()} and says it was judged at ${payload.judgedAt}.`,
      { position },
    )
  }
  return at
}

function requireSame({ payload, position }: Evaluated, judgement: Judgement): void {
  const { controlId, verdict } = payload
  if (judgement.verdict !== verdict) {
    throw new DoesNotHold(
      `${controlId} was recorded as ${verdict}; the rules come to ${judgement.verdict} on what was held then.`,
      { position },
    )
  }
  const changes = judgement.changes.map(change => ({ ...change, at: change.at.toISOString() }))
  const again = { reasons: judgement.reasons, population: judgement.population, changes }
  const recorded = { reasons: payload.reasons, population: payload.population, changes: payload.changes }
  if (canonicalText(again) !== canonicalText(recorded)) {
    throw new DoesNotHold(
      `${controlId} was recorded with other reasons, numbers or coming changes than the rules come to.`,
      { position },
    )
  }
}
