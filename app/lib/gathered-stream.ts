import { PassThrough, type TransformCallback } from 'node:stream'

/**
 * Passes on what is written in one piece, whenever the writer calls `flush`. React writes 2 kB at a time and flushes when
 * it has no more to say for now; passed on one by one, each piece would be three writes to the socket, and compressed by
 * itself.
 */
export class GatheredStream extends PassThrough {
  #pieces: Buffer[] = []

  override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#pieces.push(piece)
    done()
  }

  override _flush(done: TransformCallback): void {
    this.flush()
    done()
  }

  flush(): void {
    if (this.#pieces.length === 0) return
    const whole = Buffer.concat(this.#pieces)
    this.#pieces = []
    this.push(whole)
  }
}
