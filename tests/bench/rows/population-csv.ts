import { controlPopulationFile } from '../../../server/assessments/population-files.ts'
import type { Access } from '../../../server/members/resolve-access.ts'
import { growthDuring } from '../../support/memory.ts'
import { assessing } from '../assessments.ts'
import type { Bench } from '../bench.ts'
import { assessedInventory } from '../past/assessed-inventory.ts'
import { secondsOf } from '../timing.ts'

const megabyte = 1_000_000

export const populationCsv: Bench<'file'> = {
  name: 'population-csv',
  measures: 'growth of the memory that is alive while the file of a control’s population is streamed',
  unit: 'MB',
  subject: 'file',
  comparisons: [{ baseline: null, goal: 20, direction: 'at most' }],
  rounds: 1,
  warmUp: 0,
  size: { of: 'rows', usual: 100_000, growth: [1_000, 10_000, 100_000] },
  async setUp(context) {
    const services = await assessing(context, await context.createDatabase())
    context.say(`attaching ${context.size} items`)
    const { access, assessmentId, attachmentId } = await assessedInventory(services, context.size)
    const asked = { assessmentId, controlId: 'AC-02', attachmentId }
    return {
      async file() {
        let bytes = 0
        let seconds = 0
        const growth = await growthDuring(async () => {
          seconds = await secondsOf(async () => {
            bytes = await lengthOf(services, access, asked)
          })
        })
        context.say(`${(bytes / megabyte).toFixed(1)} MB in ${seconds.toFixed(1)} s`)
        // What is less than a tenth is told as one.
        return Math.max(0.1, growth / megabyte)
      },
    }
  },
}

async function lengthOf(
  services: Parameters<typeof controlPopulationFile>[0],
  access: Access,
  asked: Parameters<typeof controlPopulationFile>[2],
): Promise<number> {
  let bytes = 0
  const { pieces } = await controlPopulationFile(services, access, asked)
  for await (const piece of pieces) bytes += Buffer.byteLength(piece)
  return bytes
}
