import { parseArgs } from 'node:util'
import { distribute } from './distribute/distribute.ts'
import { DistributionRefused } from './distribute/distribution-refused.ts'
import { knownMigrations, migrate } from './migrate.ts'

const usage = `npm run migrate
npm run migrate -- --distribute [--shards 32] [--dry-run]

Brings the database that DATABASE_OWNER_URL names to the newest schema. --distribute spreads its organizations over the
workers of the Citus coordinator that DATABASE_ADMIN_URL names, as a superuser; --dry-run prints only the plan.`

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (!options) {
    console.error(usage)
    return 2
  }
  if (!options.distribute) {
    const url = process.env.DATABASE_OWNER_URL
    if (!url) return refuse('DATABASE_OWNER_URL is not set: migrations run as the role that owns the tables.')
    await migrate(url)
    console.log('The database has the newest schema.')
    return 0
  }
  const url = process.env.DATABASE_ADMIN_URL
  if (!url)
    return refuse('DATABASE_ADMIN_URL is not set: a superuser of the coordinator distributes a database.')
  try {
    const { isDryRun, shards } = options
    await distribute(url, { knownMigrations: await knownMigrations(), isDryRun, shards, print: console.log })
    return 0
  } catch (error) {
    if (error instanceof DistributionRefused) return refuse(error.message)
    throw error
  }
}

function readOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        distribute: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        shards: { type: 'string', default: '32' },
      },
    })
    const shards = Number(values.shards)
    if (!Number.isInteger(shards) || shards < 1 || shards > 1024) return null
    if (values['dry-run'] && !values.distribute) return null
    return { distribute: values.distribute, isDryRun: values['dry-run'], shards }
  } catch {
    return null
  }
}

function refuse(words: string): number {
  console.error(words)
  return 1
}
