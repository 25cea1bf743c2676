import { setTimeout } from 'node:timers/promises'
import type { Database } from '../../../db/client.ts'
import { membership } from '../../../db/schema/state.ts'
import { systemClock } from '../../../server/clock.ts'
import { createLedger } from '../../../server/ledger/ledger.ts'
import { project } from '../../../server/projections/project.ts'
import { isOpen } from '../../../server/projections/range.ts'
import { rebuildProjections } from '../../../server/projections/rebuild/rebuild.ts'
import { actor, appendTo, openOrganization } from '../../support/ledger.ts'
import type { Bench } from '../bench.ts'
import { playPopulations } from '../past/populations.ts'
import { millisecondsOf } from '../timing.ts'

/** Each subject of the one population has so many items, one after the other. */
const times = 10
const mebibyte = 2 ** 20

export const rebuildWait: Bench<'command' | 'read' | 'rebuild'> = {
  name: 'rebuild-wait',
  measures: 'the longest that a command of an organization waits while its projections are rebuilt',
  unit: 's',
  subject: 'command',
  comparisons: [{ baseline: 'rebuild', goal: 0.2, direction: 'at most' }],
  rounds: 1,
  warmUp: 0,
  size: { of: 'memberships', usual: 1_000_000, growth: [10_000, 100_000, 1_000_000] },
  async setUp({ createDatabase, size, signal, say }) {
    const bench = await createDatabase()
    const database = bench.connect({ max: 2 })
    const others = bench.connect({ max: 2 })
    const ledger = createLedger({ database: others, clock: systemClock, project })
    const organizationId = await openOrganization(ledger, { simulated: false })
    say(`attaching ${size / times} items ${times} times`)
    await playPopulations(ledger, organizationId, { subjects: size / times, times })

    /** A rebuild beside a reader and a writer that never rest. */
    const measure = async () => {
      const isOver = new AbortController()
      const watched = isOver.signal
      const [command, read, memory] = [
        longest(watched, () =>
          ledger.command(organizationId, actor, unit => appendTo(unit, organizationId, 'any')),
        ),
        longest(watched, () => readPage(others, organizationId)),
        mostMemory(watched),
      ]
      const rebuild = await millisecondsOf(async () => {
        const asked = { organizationId, isCheck: false, signal }
        const { differences } = await rebuildProjections({ database, clock: systemClock }, asked)
        if (Object.keys(differences).length > 0)
          throw new Error('the tables were not what the events lead to')
      }).finally(() => isOver.abort())
      say(`${Math.round((await memory) / mebibyte)} MiB more resident at most`)
      return { command: (await command) / 1_000, read: (await read) / 1_000, rebuild: rebuild / 1_000 }
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

/** The most milliseconds that one of the calls took, which follow each other until the end. */
async function longest(until: AbortSignal, call: () => Promise<unknown>): Promise<number> {
  let most = 0
  while (!until.aborted) {
    most = Math.max(most, await millisecondsOf(call))
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

/** How far the resident memory of this process rises over what it was, in bytes. */
async function mostMemory(until: AbortSignal): Promise<number> {
  const before = process.memoryUsage.rss()
  let most = before
  while (!until.aborted) {
    most = Math.max(most, process.memoryUsage.rss())
    await setTimeout(50)
  }
  return most - before
}
