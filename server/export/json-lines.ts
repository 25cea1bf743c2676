import { type ArchiveFile, linesPerFile, numberedPath } from './archive-file.ts'
import { gzip } from './gzip.ts'

/** One file of lines, each page of them in one piece. */
export const linesFile = (path: string, pages: AsyncIterable<readonly string[]>): ArchiveFile => ({
  path,
  content: gzip(joined(pages)),
})

/**
 * As many files as the lines need, {@link linesPerFile} in each but the last; none where there are no lines. Pages must be
 * full but for the last, and their length divide that of a file. Each file is read to its end before the next is asked for.
 */
export async function* linesFiles(
  folder: string,
  pages: AsyncIterable<readonly string[]>,
): AsyncGenerator<ArchiveFile> {
  const source = pages[Symbol.asyncIterator]()
  let next = await source.next()
  async function* ofOneFile() {
    for (let lines = 0; !next.done && lines < linesPerFile; next = await source.next()) {
      lines += next.value.length
      yield next.value
    }
  }
  try {
    for (let number = 0; !next.done; number++) yield linesFile(numberedPath(folder, number), ofOneFile())
  } finally {
    await source.return?.()
  }
}

async function* joined(pages: AsyncIterable<readonly string[]>) {
  for await (const lines of pages) yield lines.map(line => `${line}\n`).join('')
}
