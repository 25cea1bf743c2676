import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readTestReport } from '../../scripts/test-report.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attestry-report-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('names what failed, by file and test, without the runner’s own frames', async () => {
  const report = await read([
    {
      name: '/project/tests/unit/sums.test.ts',
      status: 'failed',
      assertionResults: [
        { fullName: 'sums adds', status: 'passed', failureMessages: [] },
        {
          fullName: 'sums subtracts',
          status: 'failed',
          failureMessages: [
            'AssertionError: \u001b[31mexpected 1 to be 2\u001b[39m\n    at /project/tests/unit/sums.test.ts:3:5\n    at new Promise (<anonymous>)\n    at file:///project/node_modules/vitest/dist/run.js:1:2',
          ],
        },
      ],
    },
  ])
  expect(report).toEqual({
    passed: 4,
    failed: 1,
    skipped: 3,
    failures: [
      'tests/unit/sums.test.ts > sums subtracts\n    AssertionError: expected 1 to be 2\n        at /project/tests/unit/sums.test.ts:3:5',
    ],
  })
})

it('names a file that failed without a test of its own, and counts it', async () => {
  const report = await read([
    {
      name: '/project/tests/unit/gone.test.ts',
      status: 'failed',
      message: 'Cannot find module',
      assertionResults: [],
    },
  ])
  expect(report.failed).toBe(1)
  expect(report.failures).toEqual(['tests/unit/gone.test.ts\n    Cannot find module'])
})

it('is no pass where there is no report', async () => {
  await expect(readTestReport(join(folder, 'nowhere.json'), '/project')).rejects.toThrow('ENOENT')
})

async function read(testResults: readonly object[]) {
  const path = join(folder, 'report.json')
  await writeFile(
    path,
    JSON.stringify({ numPassedTests: 4, numPendingTests: 1, numTodoTests: 2, testResults }),
  )
  return readTestReport(path, '/project')
}
