import type { AsOf } from '../ledger/position-at.ts'
import type { Access } from '../members/resolve-access.ts'
import { csvLine } from './csv.ts'

type Cell = string | number | null

export interface TableFile<Row> {
  /** What the table lists, as its page calls it. */
  title: string
  /** What narrowed it, by name; empty and absent values narrow nothing. */
  filters?: Readonly<Record<string, string | Date | undefined>>
  /** In order, with what a row says there. */
  columns: readonly (readonly [header: string, cell: (row: Row) => Cell | Date | boolean])[]
  /** The rows as they are read; nothing is held between two pieces. */
  pages: AsyncIterable<readonly Row[]>
}

/** A file to save: letters, digits, dots and hyphens in its name, and its pieces as they are read. */
export interface SavedFile {
  filename: string
  pieces: AsyncIterable<string>
}

/** A table of a page as a file: where it comes from and as of when, then every row that the filter leaves. */
export function tableFile<Row>(
  { slug, name, simulated }: Pick<Access, 'slug' | 'name' | 'simulated'>,
  { instant, position }: Pick<AsOf, 'instant' | 'position'>,
  { title, filters = {}, columns, pages }: TableFile<Row>,
): SavedFile {
  const narrowed = Object.entries(filters).filter(([, value]) => value !== undefined && value !== '')
  const head: Cell[][] = [
    ['# Table', title],
    ['# Organization', simulated ? `${name} (simulated clock)` : name],
    ['# As of', instant.toISOString()],
    ['# Ledger position', position],
    ...narrowed.map(([by, value]) => [`# Only ${by}`, cellOf(value ?? null)]),
    columns.map(([header]) => header),
  ]
  async function* pieces() {
    yield head.map(csvLine).join('')
    for await (const rows of pages) {
      yield rows.map(row => csvLine(columns.map(([, cell]) => cellOf(cell(row))))).join('')
    }
  }
  const filename = `${title.toLowerCase().replaceAll(' ', '-')}-${slug}-${instant.toISOString().slice(0, 10)}.csv`
  return { filename, pieces: pieces() }
}

/** Rows that are read page by page, each page by a cursor that the one before it named. */
export async function* pagesFrom<Row, Cursor>(
  read: (cursor: Cursor | null) => Promise<{ rows: readonly Row[]; next: Cursor | null }>,
): AsyncGenerator<readonly Row[]> {
  let cursor: Cursor | null = null
  do {
    const page: { rows: readonly Row[]; next: Cursor | null } = await read(cursor)
    yield page.rows
    cursor = page.next
  } while (cursor !== null)
}

/** Rows that are there already. */
export async function* onePage<Row>(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  yield rows
}

function cellOf(value: Cell | Date | boolean): Cell {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value
}
