import { setTimeout } from 'node:timers/promises'
import type { Database } from '../../../db/client.ts'
import { membership } from '../../../db/schema/state.ts'
import { systemClock } from '../../../server/clock.ts'
import { createLedger } from '../../../server/ledger/ledger.ts'
import { project } from '../../../server/projections/project.ts'
import { isOpen } from '../../../server/projections/range.ts'
import { actor, appendTo, openOrganization } from '../../support/ledger.ts'
import type { Bench } from '../bench.ts'
import { playPopulations } from '../past/populations.ts'
import { rebuildInProcess } from '../rebuild-process.ts'
import { secondsOf } from '../timing.ts'

/** Each subject of the one population has so many items, one after the other. */
const times = 10
const slug = 'bench'

export const rebuildWait: Bench<'command' | 'read' | 'rebuild'> = {
  name: 'rebuild-wait',
  measures: 'the longest that a command of an organization waits while its projections are rebuilt',
  unit: 's',
  subject: 'command',
  comparisons: [{ baseline: 'rebuild', goal: 0.1, direction: 'at most' }],
  rounds: 1,
  warmUp: 0,
  size: { of: 'memberships', usual: 1_000_000, growth: [10_000, 100_000, 1_000_000] },
  async setUp({ createDatabase, size, signal, say }) {
    const bench = await createDatabase()
    const database = bench.connect({ max: 2 })
    const ledger = createLedger({ database, clock: systemClock, project })
    const organizationId = await openOrganization(ledger, { simulated: false })
    await bench.connectPlain()`
      insert into accounts.organization_slug (slug, organization_id) values (${slug}, ${organizationId})`
    say(`attaching ${size / times} items ${times} times`)
    await playPopulations(ledger, organizationId, { subjects: size / times, times })

    /** The command itself, beside a reader and a writer that hardly rest. */
    const measure = async () => {
      const isOver = new AbortController()
      const append = () => ledger.command(organizationId, actor, unit => appendTo(unit, organizationId))
      const command = longest(isOver.signal, append)
      const read = longest(isOver.signal, () => readPage(database, organizationId))
      let most = 0
      const rebuild = await secondsOf(async () => {
        most = await rebuildInProcess(bench.url('app'), slug, signal)
      }).finally(() => isOver.abort())
      say(`at most ${Math.round(most / 2 ** 20)} MiB resident`)
      return { command: await command, read: await read, rebuild }
    }

    const rounds = new Map<number, ReturnType<typeof measure>>()
    const side = (name: 'command' | 'read' | 'rebuild') => async (round: number) => {
      const measured = rounds.get(round) ?? measure()
      rounds.set(round, measured)
      return (await measured)[name]
    }
    return { command: side('command'), read: side('read'), rebuild: side('rebuild') }
  },
}

/** The most seconds that one of the calls took, which follow each other until the end. */
async function longest(until: AbortSignal, call: () => Promise<unknown>): Promise<number> {
  let most = 0
  while (!until.aborted) {
    most = Math.max(most, await secondsOf(call))
    await setTimeout(20)
  }
  return most
}

const readPage = (database: Database, organizationId: string) =>
  database.withSnapshot(organizationId, transaction =>
    transaction
      .select({ subjectKey: membership.subjectKey })
      .from(membership)
      .where(isOpen(membership, organizationId))
      .orderBy(membership.subjectKey)
      .limit(1_000),
  )
