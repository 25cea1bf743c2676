/** A file of an archive: its path and its bytes, at once or while they are read. */
export interface ArchiveFile {
  readonly path: string
  readonly content: Uint8Array | string | AsyncIterable<Uint8Array>
}

/** Lines that a file holds at most, where one row of the format is spread over several. */
export const linesPerFile = 10_000

/** `events/000000.jsonl.gz`: six digits, so that names in ascending order are files in ascending order. */
export const numberedPath = (folder: string, number: number): string =>
  `${folder}/${String(number).padStart(6, '0')}.jsonl.gz`
