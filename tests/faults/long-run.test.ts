import { existsSync, readdirSync } from 'node:fs'
import fc from 'fast-check'
import postgres from 'postgres'
import { expect } from 'vitest'
import { isSoaked, testLaw } from '../support/law.ts'
import { usedMemory } from '../support/memory.ts'
import { connectedScene } from '../support/seed.ts'
import { useSoundness } from '../support/soundness.ts'
import { workingTables } from '../support/table-classes.ts'
import { connecting, openWorld, type World } from '../support/world.ts'

/*
 * Hours of syncs of two directories through the real queue and handlers, on a moved clock: nothing that a process or the
 * queue holds grows. Two stretches of a day are compared, behind one in which what is kept for a day or two comes about.
 */
const hour = 3_600_000
const [before, stretch] = isSoaked ? [50, 24] : [3, 3]

interface Figures {
  /** Bytes that are alive. */
  memory: number
  /** Sessions at the database. */
  connections: number
  /** Files and sockets that the process holds open; null where the system does not say. */
  handles: number | null
  /** Rows of the queue and of the tables that no event leads to. */
  rows: Record<string, number>
}

let report = 'nothing was measured'

testLaw(
  'hours of syncs leave memory, connections, file handles and the queue as they were',
  fc.asyncProperty(fc.constantFrom(...[1, 2, 3, 4]), async renamed => {
    const world = await openWorld()
    const admin = postgres(world.adminUrl, { max: 1, onnotice: () => undefined })
    try {
      for (const index of [0, 1]) await connectedScene(connecting(world, index))
      await hoursOf(world, admin, before, renamed)
      const first = await hoursOf(world, admin, stretch, renamed)
      const second = await hoursOf(world, admin, stretch, renamed)
      report = reportOf(mostOf(first), mostOf(second))
      expectFlat(first, second)
      await useSoundness(world).expectSound(world.organizationId)
    } finally {
      await admin.end()
      await world.stop()
    }
  }),
  { runs: 1, seconds: 150 },
  () => report,
)

/** Lets hours pass, the sweep and the upkeep of the queue in each, and measures at the end of each. */
async function hoursOf(
  world: World,
  admin: postgres.Sql,
  hours: number,
  renamed: number,
): Promise<Figures[]> {
  const { clock, driver, directories, kms, smtp } = world
  const all: Figures[] = []
  for (let passed = 0; passed < hours; passed += 1) {
    directories[0]?.tenant.setUser(renamed, { displayName: `Renamed at ${clock.now().toISOString()}` })
    await driver.bringSweep()
    const done = await driver.moveOn(world.services, new Date(clock.now().getTime() + hour))
    expect(done.filter(({ result }) => result !== 'completed')).toEqual([])
    expect(done.filter(({ name }) => name === 'sync').length).toBeGreaterThanOrEqual(2)
    await driver.upkeep()
    // What the stand-ins remember is not the product's.
    for (const { tenant } of directories) tenant.requests.splice(0)
    kms.requests.splice(0)
    smtp.clear()
    all.push(await figuresOf(admin))
  }
  return all
}

async function figuresOf(admin: postgres.Sql): Promise<Figures> {
  const [sessions] = await admin<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend'`
  const tables = await admin<{ name: string }[]>`
    select table_schema || '.' || table_name as name from information_schema.tables
     where table_type = 'BASE TABLE' and (table_schema in ('queue', 'accounts')
        or (table_schema = 'state' and table_name = any(${[...workingTables]})))`
  const rows: Record<string, number> = {}
  for (const { name } of tables) {
    const [row] = await admin.unsafe<{ count: number }[]>(`select count(*)::int as count from ${name}`)
    rows[name] = row?.count ?? 0
  }
  const held = '/proc/self/fd'
  return {
    memory: usedMemory(),
    connections: sessions?.count ?? 0,
    handles: existsSync(held) ? readdirSync(held).length : null,
    rows,
  }
}

/** The most of each figure; of memory the least, since what is alive at a moment is not all held. */
function mostOf(all: readonly Figures[]): Figures {
  const most = (of: (figures: Figures) => number) => Math.max(...all.map(of))
  return {
    memory: Math.min(...all.map(({ memory }) => memory)),
    connections: most(({ connections }) => connections),
    handles: all.some(({ handles }) => handles === null) ? null : most(({ handles }) => handles ?? 0),
    rows: Object.fromEntries(
      Object.keys(all[0]?.rows ?? {}).map(name => [name, most(({ rows }) => rows[name] ?? 0)]),
    ),
  }
}

const megabyte = 1_000_000

function expectFlat(earlier: readonly Figures[], later: readonly Figures[]): void {
  const [first, second] = [mostOf(earlier), mostOf(later)]
  // What is lost is held at every later moment; what comes and goes, such as a socket that is being closed, is not.
  const least = (of: (figures: Figures) => number) => Math.min(...later.map(of))
  expect(least(({ connections }) => connections)).toBeLessThanOrEqual(first.connections)
  if (first.handles !== null) expect(least(({ handles }) => handles ?? 0)).toBeLessThanOrEqual(first.handles)
  // In the first hours the queue fills with what it keeps for a day, and code is still being compiled.
  if (!isSoaked) return
  expect(second.memory).toBeLessThan(first.memory + 2 * megabyte)
  const grown = Object.keys(second.rows).filter(
    name => (second.rows[name] ?? 0) > (first.rows[name] ?? 0) + 4,
  )
  expect(grown.map(name => [name, first.rows[name], second.rows[name]])).toEqual([])
}

function reportOf(first: Figures, second: Figures): string {
  const sum = ({ rows }: Figures) => Object.values(rows).reduce((total, count) => total + count, 0)
  const inMegabytes = ({ memory }: Figures) => (memory / megabyte).toFixed(1)
  return [
    `${before} hours, then ${stretch} and ${stretch} more`,
    `memory ${inMegabytes(first)} → ${inMegabytes(second)} MB`,
    `connections ${first.connections} → ${second.connections}`,
    `handles ${first.handles ?? '?'} → ${second.handles ?? '?'}`,
    `rows of the queue and beside it ${sum(first)} → ${sum(second)}`,
  ].join(', ')
}
