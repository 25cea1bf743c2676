import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { z } from 'zod'

/** What the test runner's JSON report says of a run, as far as it is asked here. */
const reportSchema = z.object({
  numPassedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
})

export interface SuiteReport {
  readonly passed: number
  /** Tests that failed, and files that failed without one. */
  readonly failed: number
  readonly skipped: number
  /** What failed, each by its file, its name and the first lines of what it said. */
  readonly failures: readonly string[]
}

/** How much of a failure is told again: enough to know it by, the whole stands where the test ran. */
const linesTold = 12

/** A line of a stack that says nothing of the project. */
const isOfRunner = /^\s+at (?:new Promise|.*\/node_modules\/)/

/**
 * Reads the report of a run of tests. A file that does not load fails without a test of its own.
 * @throws where there is no report, or it is none
 */
export async function readTestReport(path: string, root: string): Promise<SuiteReport> {
  const report = reportSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  const failures = report.testResults.flatMap(file => {
    const at = relative(root, file.name)
    const tests = file.assertionResults.filter(({ status }) => status === 'failed')
    if (tests.length === 0) return file.status === 'failed' ? [told(at, file.message)] : []
    return tests.map(test => told(`${at} > ${test.fullName}`, test.failureMessages?.join('\n') ?? ''))
  })
  return {
    passed: report.numPassedTests,
    failed: failures.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  }
}

function told(name: string, message: string) {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .filter(line => !isOfRunner.test(line))
  return [name, ...lines.slice(0, linesTold).map(line => `    ${line}`.trimEnd())].join('\n')
}
