import type { Container } from './container.ts'
import { DoesNotHold } from './finding.ts'

const shownLength = 160

/** Holds a file of the archive to the text that it should be, which comes in lines. */
export class ExpectedText {
  readonly #path: string
  readonly #pieces: Iterator<Buffer>
  #piece: Buffer = Buffer.alloc(0)
  #line = 0

  constructor(container: Container, path: string) {
    this.#path = path
    this.#pieces = container.pieces(path, 0, container.get(path).size)
  }

  /** The next line of the file is this one, which has its end. @throws {DoesNotHold} */
  expect(line: string): void {
    this.#line += 1
    const expected = Buffer.from(line)
    while (this.#piece.length < expected.length) {
      const { value, done } = this.#pieces.next()
      if (done) break
      this.#piece = Buffer.concat([this.#piece, value])
    }
    const found = this.#piece.subarray(0, expected.length)
    if (!found.equals(expected)) {
      const { value } = this.#pieces.next()
      throw this.#failure(line, value ? Buffer.concat([this.#piece, value]) : this.#piece)
    }
    this.#piece = this.#piece.subarray(expected.length)
  }

  /** The file has nothing more. @throws {DoesNotHold} */
  finish(): void {
    if (this.#piece.length > 0 || !this.#pieces.next().done) {
      throw new DoesNotHold('The file goes on where it should end.', {
        path: this.#path,
        line: this.#line + 1,
      })
    }
  }

  #failure(expected: string, rest: Buffer): DoesNotHold {
    const end = rest.indexOf('\n')
    const found = rest.subarray(0, end < 0 ? rest.length : end).toString()
    const words =
      found === '' && rest.length === 0
        ? `The file ends where it should go on with “${shown(expected)}”.`
        : `The line is “${shown(found)}” and should be “${shown(expected)}”.`
    return new DoesNotHold(words, { path: this.#path, line: this.#line })
  }
}

const shown = (line: string) => {
  const text = line.trimEnd()
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text
}
