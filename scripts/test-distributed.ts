import { join } from 'node:path'
import { premisesOfOneServer } from '../tests/distributed/premises-of-one-server.ts'
import { runNode } from './run-node.ts'

/*
 * `npm run test:distributed [-- FILE …]`: the integration and isolation suites, with those of tests/distributed, on the
 * Citus coordinator that DISTRIBUTED_DATABASE_URL names, and the same suites on the plain PostgreSQL that
 * CONTROL_DATABASE_URL names. Both as a superuser, both for tests alone: roles get new passwords there.
 */
const root = join(import.meta.dirname, '..')

process.exitCode = await main(process.argv.slice(2))

async function main(files: readonly string[]): Promise<number> {
  const { DISTRIBUTED_DATABASE_URL: cluster, CONTROL_DATABASE_URL: control } = process.env
  if (!cluster) {
    console.error(
      'DISTRIBUTED_DATABASE_URL is not set: the address of a Citus coordinator, as a superuser, that only tests use.',
    )
    return 1
  }
  console.log('── On the cluster, without what needs one server:')
  for (const [file, reason] of Object.entries(premisesOfOneServer)) console.log(`   ${file} ${reason}`)
  const onCluster = await run(files, { ATTESTRY_TEST_DATABASE: cluster, ATTESTRY_TEST_CLUSTER: '1' })
  if (!control) console.log('── No control: CONTROL_DATABASE_URL names no PostgreSQL without Citus.')
  else console.log('── The same suites on one PostgreSQL without Citus:')
  const onControl = control ? await run(files, { ATTESTRY_TEST_DATABASE: control }) : 0
  return onCluster === 0 && onControl === 0 ? 0 : 1
}

function run(files: readonly string[], env: Record<string, string>): Promise<number> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const args = [vitest, 'run', '--config', 'vitest.distributed.config.ts', '--passWithNoTests', ...files]
  return runNode(args, env)
}
