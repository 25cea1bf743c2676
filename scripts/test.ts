import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { poolerProgram } from '../tests/support/pooler.ts'
import { buildIfNeeded } from './build.ts'
import { findOlderPostgres } from './find-postgres.ts'
import { runNode } from './run-node.ts'
import { readTestReport } from './test-report.ts'

/*
 * `npm test`: every check there is. Goes on after a failure, so that one run shows all of them, tells at its end once
 * more what failed, and ends with the line `N passed, N failed` (and how many were skipped).
 */

const root = join(import.meta.dirname, '..')
const scratch = await mkdtemp(join(tmpdir(), 'attestry-checks-'))
const statements = join(scratch, 'statements')
const count = { passed: 0, failed: 0, skipped: 0 }
/** What failed, as it is told at the end. */
const failures: string[] = []
let suites = 0

const bin = (name: string, path: string) => join(root, 'node_modules', name, path)

await check('Types', [bin('typescript', 'bin/tsc'), '--noEmit'])
await check('Format and lint', [bin('@biomejs/biome', 'bin/biome'), 'ci', '.'])
await check('Dependency rules', [
  bin('dependency-cruiser', 'bin/dependency-cruiser.mjs'),
  '--config',
  '.dependency-cruiser.cjs',
  'app',
  'server',
  'db',
  'jobs',
  'sandbox',
  'scripts',
  'tests',
])
await check('Dead code', [bin('knip', 'bin/knip.js')])
await step('Build, with nothing of the server in the browser', async () => {
  buildIfNeeded()
  return true
})
await suite('Unit, integration, isolation and conformance tests', 'vitest.config.ts')
await onOlderPostgres()
await throughPooler()
await suite('A real browser, start to end', 'vitest.e2e.config.ts')
await check('Every statement names its organization', ['scripts/check-statements.ts', statements])

await rm(scratch, { recursive: true, force: true })
if (failures.length > 0) console.log(`\n── What failed\n${failures.join('\n\n')}`)
if (count.skipped > 0) console.log(`\n${count.skipped} skipped; each says why above.`)
console.log(
  `${count.passed} passed, ${count.failed} failed${count.skipped > 0 ? `, ${count.skipped} skipped` : ''}`,
)
process.exitCode = count.failed > 0 ? 1 : 0

async function check(name: string, args: string[]) {
  await step(name, async () => (await runNode(args)) === 0)
}

async function step(name: string, work: () => Promise<boolean>) {
  console.log(`\n── ${name}`)
  const startedAt = performance.now()
  const isOk = await work().catch((error: unknown) => {
    console.error(error)
    return false
  })
  count[isOk ? 'passed' : 'failed'] += 1
  if (!isOk) failures.push(name)
  console.log(`${isOk ? 'ok' : 'FAILED'} in ${Math.round((performance.now() - startedAt) / 1000)} s`)
}

/** The schema as the lock has it, and what the ledger rests on in the database, on the oldest version that is installed. */
async function onOlderPostgres() {
  const older = findOlderPostgres()
  if (!older) return skip('The ledger on an older PostgreSQL', 'no PostgreSQL 15 to 17 is installed here')
  const files = [
    ...['drift', 'immutability', 'lone-append', 'tenant-setting', 'purge'].map(
      at => `tests/isolation/${at}.test.ts`,
    ),
    ...['append', 'follow', 'position', 'proofs', 'stream'].map(
      at => `tests/integration/ledger-${at}.test.ts`,
    ),
  ]
  const name = `The ledger on PostgreSQL ${older.version}`
  await suite(name, 'vitest.config.ts', files, { ATTESTRY_POSTGRES: older.programs })
}

/** A few of the files again, through a pooler; `npm run test:pooled` has all of them. */
async function throughPooler() {
  const name = 'Appends, tenants and subscriptions through PgBouncer'
  if (poolerProgram === undefined) return skip(name, 'PgBouncer is not installed here')
  const files = [
    ...['lone-append', 'interleaved'].map(at => `tests/isolation/${at}.test.ts`),
    ...['append', 'follow'].map(at => `tests/integration/ledger-${at}.test.ts`),
  ]
  await suite(name, 'vitest.config.ts', files, { ATTESTRY_TEST_POOLED: '1' })
}

function skip(name: string, reason: string) {
  console.log(`\n── ${name}\nskipped: ${reason}`)
  count.skipped += 1
}

async function suite(name: string, config: string, files: string[] = [], env: Record<string, string> = {}) {
  console.log(`\n── ${name}`)
  const report = join(scratch, `suite-${++suites}.json`)
  const args = [
    bin('vitest', 'vitest.mjs'),
    'run',
    ...files,
    '--config',
    config,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
  const code = await runNode(args, { ATTESTRY_STATEMENTS: statements, ...env })
  const result = await readTestReport(report, root).catch((error: unknown) => {
    console.error(error)
    return null
  })
  count.passed += result?.passed ?? 0
  count.failed += result?.failed ?? 0
  count.skipped += result?.skipped ?? 0
  failures.push(...(result?.failures ?? []))
  // A run without a report says nothing, and nothing is not a pass. One that failed outside a test (a file that does not
  // load, an error nobody caught) is a failure all the same.
  if (!result || (code !== 0 && result.failed === 0)) {
    count.failed += 1
    failures.push(`${name}: ended with exit code ${code} outside a test`)
  }
}
