import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'

/** Milliseconds an unwrapped key may stay in memory. */
export const keyLifetime = 5 * 60 * 1000

/**
 * Unwrapped keys in memory, by their wrapped form: a key whose row was rolled back or deleted is never found again.
 * Each is zeroed when its time is over, whether anyone asks again or not.
 */
export class KeyCache {
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()
  #isClosed = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Hands the key to `work`, which must be done with it when it returns. `unwrap` is called when the key is not held;
   * callers that ask at once share one call, and a failed one is not remembered.
   */
  async use<T>(wrapped: Uint8Array, unwrap: () => Promise<Buffer>, work: (key: Buffer) => T): Promise<T> {
    const id = Buffer.from(wrapped).toString('base64')
    const held = this.#entries.get(id)
    if (held && held.expiresAt <= this.#clock.now().getTime()) this.#drop(id, held)
    const entry = this.#entries.get(id) ?? this.#add(id, unwrap)
    const key = await entry.key
    // The key may have been zeroed between its arrival and this turn; an all-zero key must never seal anything.
    if (entry.isZeroed) throw new AppError('unavailable', 'the vault was closed while a key was fetched')
    return work(key)
  }

  /** Zeroes all keys, now and when calls in flight return. */
  close(): void {
    this.#isClosed = true
    for (const [id, entry] of this.#entries) this.#drop(id, entry)
  }

  #add(id: string, unwrap: () => Promise<Buffer>): Entry {
    if (this.#isClosed) throw new AppError('unavailable', 'the vault is closed')
    const timer = setTimeout(() => this.#drop(id, entry), keyLifetime)
    timer.unref()
    const entry: Entry = {
      key: unwrap(),
      // Counted from the request: the key is never older than it seems.
      expiresAt: this.#clock.now().getTime() + keyLifetime,
      isZeroed: false,
      timer,
    }
    this.#entries.set(id, entry)
    entry.key.catch(() => this.#drop(id, entry))
    return entry
  }

  #drop(id: string, entry: Entry): void {
    if (this.#entries.get(id) === entry) this.#entries.delete(id)
    clearTimeout(entry.timer)
    entry.isZeroed = true
    entry.key.then(
      key => key.fill(0),
      () => undefined,
    )
  }
}

interface Entry {
  key: Promise<Buffer>
  expiresAt: number
  isZeroed: boolean
  timer: NodeJS.Timeout
}
