import { inspect } from 'node:util'

const shown = '[secret]'

/** A plaintext secret in memory. Printing, logging or serialising it shows `[secret]`; only {@link Secret.reveal} gives it out. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The plaintext. Hand it to the one call that needs it; never store it. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return shown
  }

  toJSON(): string {
    return shown
  }

  [inspect.custom](): string {
    return shown
  }
}
