import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { statementProblems } from '../tests/support/statement-rules.ts'

/*
 * Reads every statement that the suites sent (JSON lines in the directory that ATTESTRY_STATEMENTS names) and fails on
 * each that touches a tenant table without naming its organization.
 */

const recorded = z.strictObject({ file: z.string(), statement: z.string() })

const directory = process.env.ATTESTRY_STATEMENTS ?? process.argv[2]
if (!directory) {
  console.error('ATTESTRY_STATEMENTS names no directory: run the tests with it, then this.')
  process.exit(1)
}

const filesOf = readStatements(directory)
let wrong = 0
for (const [statement, files] of filesOf) {
  const problems = statementProblems(statement)
  if (problems.length === 0) continue
  wrong++
  console.error(
    `${problems.join('; ')}\n  sent in ${[...files].sort().join(', ')}\n  ${statement.replace(/\s+/g, ' ').trim()}\n`,
  )
}
if (filesOf.size === 0) {
  console.error(`No statement was recorded in ${directory}: this check has seen nothing.`)
  process.exitCode = 1
} else if (wrong > 0) {
  console.error(`${wrong} of ${filesOf.size} statements do not name their organization.`)
  process.exitCode = 1
} else {
  console.log(
    `${filesOf.size} distinct statements: each names its organization wherever it touches a tenant table.`,
  )
}

/** Distinct statements and the test files that sent them. */
function readStatements(folder: string): Map<string, Set<string>> {
  const statements = new Map<string, Set<string>>()
  for (const name of readdirSync(folder).filter(name => name.endsWith('.jsonl'))) {
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
      if (line === '') continue
      const { file, statement } = recorded.parse(JSON.parse(line))
      statements.set(statement, (statements.get(statement) ?? new Set()).add(file))
    }
  }
  return statements
}
