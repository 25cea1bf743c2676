import { appendFileSync, mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect } from 'vitest'

/** One line of the record: a statement as it was sent, and the test file that first sent it. */
export interface RecordedStatement {
  file: string
  statement: string
}

const directory = process.env.ATTESTRY_STATEMENTS
const seen = new Set<string>()

/**
 * Keeps the text of every distinct statement a test file sends, as JSON lines in the directory that
 * ATTESTRY_STATEMENTS names, so that a last step can hold all of them to the tenancy rules. Without it: nothing.
 */
export function recordStatement(statement: string): void {
  if (!directory || seen.has(statement)) return
  seen.add(statement)
  const file = relative(process.cwd(), expect.getState().testPath ?? 'unknown')
  const line: RecordedStatement = { file, statement }
  mkdirSync(directory, { recursive: true })
  appendFileSync(join(directory, `${process.pid}.jsonl`), `${JSON.stringify(line)}\n`)
}
