import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { scaleDocument, scalePlot } from './capacity/document.ts'
import { measuredFigures } from './capacity/figures.ts'
import { capacityOf, type Demand, usualDemand } from './capacity/model.ts'
import { capacityText } from './capacity/text.ts'

/*
 * `npm run capacity -- --organizations N --users N [--change SHARE] [--years N] [--json]`: works out from the last bench
 * what so many organizations take, and what ends first. `--document` writes docs/scale.md and its plots anew.
 */
const docs = join(import.meta.dirname, '..', 'docs')

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof RangeError || error instanceof TypeError)) throw error
  console.error(error.message)
  process.exitCode = 2
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      organizations: { type: 'string', default: '1000' },
      users: { type: 'string', default: '2000' },
      change: { type: 'string', default: String(usualDemand.dailyChange) },
      years: { type: 'string', default: String(usualDemand.retentionYears) },
      json: { type: 'boolean', default: false },
      document: { type: 'boolean', default: false },
    },
  })
  const measured = measuredFigures()
  if (values.document) {
    await writeFile(join(docs, 'scale.md'), scaleDocument(measured))
    await writeFile(join(docs, 'images', 'scale.svg'), scalePlot(measured))
    return 0
  }
  const demand: Demand = {
    ...usualDemand,
    organizations: within('--organizations', values.organizations, 1, 1e8),
    users: within('--users', values.users, 1, 1e7),
    dailyChange: within('--change', values.change, 0, 1),
    retentionYears: within('--years', values.years, 0.1, 100),
  }
  const capacity = capacityOf(demand, measured)
  console.log(
    values.json ? JSON.stringify({ demand, ...capacity }) : capacityText(demand, capacity, measured),
  )
  return 0
}

function within(option: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (text.trim() === '' || !(number >= least && number <= most)) {
    throw new RangeError(`${option} takes a number from ${least} to ${most.toLocaleString('en')}.`)
  }
  return number
}
