import { parseArgs } from 'node:util'
import { DistributionRefused } from './distribute/distribution-refused.ts'
import { moveShard, repairForce } from './distribute/move-shard.ts'

const usage = `npm run move-shard -- --organization ID --to HOST:PORT
npm run move-shard -- --repair

Moves the shard of an organization to another worker of the coordinator that DATABASE_ADMIN_URL names, as a superuser,
while the product runs. --repair puts back what a move that was killed took off: FORCE on every table.`

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (!options) {
    console.error(usage)
    return 2
  }
  const url = process.env.DATABASE_ADMIN_URL
  if (!url) {
    console.error('DATABASE_ADMIN_URL is not set: a superuser of the coordinator moves shards.')
    return 1
  }
  try {
    if (options.isRepair) {
      const tables = await repairForce(url)
      console.log(tables.length > 0 ? `FORCE is on again: ${tables.join(', ')}` : 'FORCE was on everywhere.')
    } else await moveShard(url, options.move, console.log)
    return 0
  } catch (error) {
    if (!(error instanceof DistributionRefused)) throw error
    console.error(error.message)
    return 1
  }
}

function readOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        organization: { type: 'string' },
        to: { type: 'string' },
        repair: { type: 'boolean', default: false },
      },
    })
    const { organization: organizationId = '', to = '', repair: isRepair } = values
    if (!isRepair && !(uuid.test(organizationId) && /^[^:]+:\d+$/.test(to))) return null
    return { isRepair, move: { organizationId, to } }
  } catch {
    return null
  }
}
