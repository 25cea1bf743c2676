import { DoesNotHold, type Place } from './finding.ts'

/** No line of an archive is longer: an event with all its reasons has a few hundred kilobytes. */
const longestLine = 16 * 1024 * 1024
const lineFeed = 0x0a

/**
 * Takes lines from pieces of bytes, without copying them out: `buffer` from `start` to `end` is the line last taken,
 * without its line feed, until the next one is. There is always a byte before `start` that may be overwritten.
 */
export class LineReader {
  readonly #pieces: AsyncIterator<Uint8Array>
  readonly #path: string
  #rest = 1
  #isOver = false
  buffer: Buffer = Buffer.alloc(1)
  start = 1
  end = 1
  /** Of the line last taken, from 1. */
  line = 0

  constructor(pieces: AsyncIterable<Uint8Array>, path: string) {
    this.#pieces = pieces[Symbol.asyncIterator]()
    this.#path = path
  }

  get place(): Place {
    return { path: this.#path, line: this.line }
  }

  /** Takes the next line if its bytes are at hand. */
  takeReady(): boolean {
    const end = this.buffer.indexOf(lineFeed, this.#rest)
    if (end < 0) return false
    this.start = this.#rest
    this.end = end
    this.#rest = end + 1
    this.line += 1
    return true
  }

  /** Takes the next line; false after the last one. @throws {DoesNotHold} for a last line without its end */
  async take(): Promise<boolean> {
    while (!this.takeReady()) {
      if (this.#isOver) return false
      const held = this.buffer.length - this.#rest
      if (held > longestLine) {
        throw new DoesNotHold('The line is longer than any that an export writes.', this.#nextPlace)
      }
      const { value, done } = await this.#pieces.next()
      if (!done) this.#append(value, held)
      else if (held > 0) throw new DoesNotHold('The last line has no end.', this.#nextPlace)
      else this.#isOver = true
    }
    return true
  }

  /** The line as text. @throws {DoesNotHold} where its bytes are no UTF-8 */
  text(start = this.start, end = this.end): string {
    const text = this.buffer.toString('utf8', start, end)
    if (text.includes('\ufffd') && !this.buffer.subarray(start, end).equals(Buffer.from(text))) {
      throw new DoesNotHold('The line is no UTF-8.', this.place)
    }
    return text
  }

  /** Ends the reading early. */
  async close(): Promise<void> {
    await this.#pieces.return?.()
  }

  get #nextPlace(): Place {
    return { path: this.#path, line: this.line + 1 }
  }

  #append(piece: Uint8Array, held: number): void {
    const buffer = Buffer.allocUnsafe(1 + held + piece.length)
    this.buffer.copy(buffer, 1, this.#rest)
    buffer.set(piece, 1 + held)
    this.buffer = buffer
    this.#rest = 1
  }
}
