import { and, asc, eq, gt, lte } from 'drizzle-orm'
import { checkpoint } from '../../db/schema/log.ts'
import { readSignedCheckpoint } from '../ledger/checkpoint-note.ts'
import { isSimulated } from '../ledger/checkpoint-text.ts'
import type { LogKey } from '../ledger/log-keys.ts'
import type { CompactTree } from '../ledger/merkle.ts'
import { verifyNote } from '../ledger/signed-note.ts'
import type { Findings } from './findings.ts'
import type { VerificationRun } from './verify-ledger.ts'

type CheckpointRow = typeof checkpoint.$inferSelect

/** Holds every stored checkpoint to the tree as it was at its size, and to the keys of the log. */
export class CheckpointCheck {
  readonly #run: VerificationRun
  readonly #findings: Findings
  readonly #keys: readonly LogKey[]
  readonly #simulated: boolean
  #waiting: CheckpointRow[] = []
  #missing: number | null = null
  count = 0

  constructor(
    run: VerificationRun,
    findings: Findings,
    { keys, simulated }: { keys: readonly LogKey[]; simulated: boolean },
  ) {
    this.#run = run
    this.#findings = findings
    this.#keys = keys
    this.#simulated = simulated
  }

  /** Reads those of sizes after the one and up to the other. */
  async load({ after, until }: { after: number; until: number }): Promise<void> {
    const { database, organizationId } = this.#run
    this.#waiting = await database.withOrganization(organizationId, transaction =>
      transaction
        .select()
        .from(checkpoint)
        .where(
          and(
            eq(checkpoint.organizationId, organizationId),
            gt(checkpoint.size, after),
            lte(checkpoint.size, until),
          ),
        )
        .orderBy(asc(checkpoint.size)),
    )
  }

  /** An event is missing: no checkpoint behind it can be computed. */
  giveUp(position: number): void {
    this.#missing ??= position
  }

  /** The tree has grown by a leaf. */
  passed(tree: CompactTree): void {
    const [next] = this.#waiting
    if (!next) return
    if (this.#missing === null && next.size > tree.size) return
    this.#waiting.shift()
    this.count += 1
    const problem = this.#problemOf(next, tree)
    if (problem) this.#findings.note('checkpoints', `The checkpoint of ${next.size} events ${problem}`)
  }

  /** How the sentence goes on that begins with the checkpoint. */
  #problemOf({ size, root, note, keyId }: CheckpointRow, tree: CompactTree): string | null {
    if (this.#missing !== null)
      return `cannot be computed: the event at position ${this.#missing} is missing.`
    if (!root.equals(tree.root())) return 'has another root than these events.'
    const read = readSignedCheckpoint(note)
    if ('problem' in read) return `is no checkpoint. ${read.problem}`
    const { checkpoint: text, signed } = read
    if (text.size !== size || Buffer.compare(text.root, root) !== 0)
      return 'was signed for another size or root.'
    if (isSimulated(text) !== this.#simulated) return 'does not say rightly whether the log is simulated.'
    // A key signs from its own event on.
    const keys = this.#keys.filter(key => key.position < size && key.name === text.origin)
    const verdict = verifyNote(signed, keys)
    const isSigned = verdict.kind === 'signed' && verdict.keys.some(key => key.keyId === keyId)
    return isSigned ? null : 'is not signed by a key of this log.'
  }
}
