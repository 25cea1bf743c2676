import { Readable } from 'node:stream'
import { createReadableStreamFromReadable } from '@remix-run/node'

/** A CSV that a procedure answered as the answer to a request: saved, and sent while it is read. */
export const savedCsv = ({
  filename,
  pieces,
}: {
  filename: string
  pieces: AsyncIterable<string>
}): Response =>
  new Response(createReadableStreamFromReadable(Readable.from(pieces)), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${filename}"`,
    },
  })
