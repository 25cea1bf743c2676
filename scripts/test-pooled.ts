import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { poolerProgram } from '../tests/support/pooler.ts'

/*
 * `npm run test:pooled -- [FILE …]`: the integration suite, or what is named, through a PgBouncer in transaction mode.
 */
if (poolerProgram === undefined) {
  console.log('Skipped: PgBouncer is not installed here. On Debian: apt-get install pgbouncer')
} else {
  const root = join(import.meta.dirname, '..')
  const named = process.argv.slice(2)
  const files = named.length > 0 ? named : ['tests/integration']
  const { status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...files],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ATTESTRY_TEST_POOLED: '1' } },
  )
  process.exitCode = status ?? 1
}
