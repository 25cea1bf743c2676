import { approveAssessment } from '../../../server/assessments/approve-assessment.ts'
import { newId } from '../../../server/ledger/ids.ts'
import { assessing } from '../assessments.ts'
import type { Bench } from '../bench.ts'
import { assessedInventory } from '../past/assessed-inventory.ts'
import { secondsOf } from '../timing.ts'

export const sealAssessment: Bench<'approval' | 'plain UPDATE'> = {
  name: 'seal-assessment',
  measures: 'an approval that seals the content of every item of a population',
  unit: 's',
  subject: 'approval',
  comparisons: [{ baseline: 'plain UPDATE', goal: 4, direction: 'at most' }],
  rounds: 3,
  warmUp: 0,
  size: { of: 'items', usual: 100_000, growth: [1_000, 10_000, 100_000] },
  async setUp(context) {
    const bench = await context.createDatabase()
    const services = await assessing(context, bench)
    const plain = bench.connectPlain({ max: 1 })
    await plain`create table plain (organization_id uuid, hash bytea, body text, sealed_by uuid, primary key (organization_id, hash))`
    /** What is sealed once admits no second approval: each round has an organization of its own. */
    const waiting = new Map<number, ReturnType<typeof attach>>()
    const attach = async () => {
      context.say(`attaching ${context.size} items`)
      const made = await assessedInventory(services, context.size)
      await plain`
        insert into plain select organization_id, hash, body from ledger.item_body where organization_id = ${made.access.organizationId}`
      // As an organization that is not new has them.
      await plain`analyze`
      return made
    }
    const of = (round: number) => {
      const made = waiting.get(round) ?? attach()
      waiting.set(round, made)
      return made
    }
    return {
      approval: async round => {
        const { access, assessmentId, name } = await of(round)
        return secondsOf(() =>
          approveAssessment(services, { ...access, userId: newId() }, { assessmentId, confirmation: name }),
        )
      },
      'plain UPDATE': async round => {
        const { organizationId } = (await of(round)).access
        return secondsOf(
          () => plain`update plain set sealed_by = ${newId()} where organization_id = ${organizationId}`,
        )
      },
    }
  },
}
