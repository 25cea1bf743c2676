/** What stands around the pages of an organization and is told by its rows alone. */
export interface Frame {
  /** Of the catalogue in force. */
  readonly controls: number
  readonly openAlerts: number
}

const most = 1_000

/**
 * Frames that this process read before. Rows as of a position stay what they are, and time has no part in them: one is
 * good until the next event.
 */
export class KeptFrames {
  readonly #kept = new Map<string, Promise<Frame>>()

  /** @param from where an auditor's view begins: theirs is another frame */
  read(
    { organizationId, position, from }: { organizationId: string; position: number; from: Date | null },
    readNow: () => Promise<Frame>,
  ): Promise<Frame> {
    const key = `${organizationId} ${position} ${from?.getTime() ?? 'all'}`
    const reading = this.#kept.get(key) ?? readNow()
    this.#kept.delete(key)
    this.#kept.set(key, reading)
    // What failed is tried again by whoever asks next.
    reading.catch(() => this.#kept.delete(key))
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > most && oldest !== undefined) this.#kept.delete(oldest)
    return reading
  }
}
