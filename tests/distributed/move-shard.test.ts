import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { moveShard, repairForce } from '../../db/distribute/move-shard.ts'
import { readWalls, wallProblems } from '../../db/distribute/walls.ts'
import { systemClock } from '../../server/clock.ts'
import { appendTo, openOrganization, useLedger } from '../support/ledger.ts'
import { until } from '../support/waiting.ts'

const { db, ledger } = await useLedger({ clock: systemClock })
const admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())
const organizationId = await openOrganization(ledger, { simulated: false })

/** The worker that the organization does not lie on. */
async function elsewhere(): Promise<string> {
  const [row] = await admin<{ address: string }[]>`
    select nodename || ':' || nodeport as address from pg_dist_node n
     where groupid > 0 and not exists (
       select from pg_dist_placement p where p.groupid = n.groupid
          and p.shardid = get_shard_id_for_distribution_column('ledger.head'::regclass, ${organizationId}::text))
     limit 1`
  return row?.address ?? ''
}

async function unforced(): Promise<number> {
  const [row] = await admin<{ count: number }[]>`
    select count(*)::int as count from pg_class
     where relnamespace in ('ledger'::regnamespace, 'state'::regnamespace, 'rebuild'::regnamespace)
       and relkind = 'r' and not relforcerowsecurity`
  return row?.count ?? -1
}

test('under load no event is lost and no position left out; the wait is told', async () => {
  const acknowledged = new Set<string>()
  const waits: number[] = []
  let [isOver, refusals] = [false, 0]
  const writer = async () => {
    while (!isOver) {
      const began = performance.now()
      try {
        const [event] = await ledger.command(organizationId, 'system:test', unit =>
          appendTo(unit, organizationId),
        )
        if (event) acknowledged.add(event.eventId)
        waits.push(performance.now() - began)
      } catch {
        refusals += 1
        await pause(1)
      }
    }
  }
  const writers = Array.from({ length: 3 }, writer)
  let seconds = 0
  try {
    await until(async () => waits.length > 20)
    const began = performance.now()
    await moveShard(db.adminUrl, { organizationId, to: await elsewhere() }, () => undefined)
    seconds = (performance.now() - began) / 1000
  } finally {
    isOver = true
    await Promise.all(writers)
  }
  const events = await admin<{ id: string; position: string }[]>`
    select event_id as id, position from ledger.events where organization_id = ${organizationId} order by position`
  expect(events.map(({ position }) => Number(position))).toEqual(events.map((_, index) => index))
  const stored = new Set(events.map(({ id }) => id))
  expect([...acknowledged].filter(id => !stored.has(id))).toEqual([])
  console.log(
    `moved in ${seconds.toFixed(1)} s beside ${(waits.length / seconds).toFixed(0)} appends a second: ` +
      `longest wait ${Math.max(...waits).toFixed(0)} ms, ${refusals} refused`,
  )
})

test('a move that is killed leaves FORCE off, and --repair puts it back', async () => {
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, '../../db/move-shard-command.ts'),
      '--organization',
      organizationId,
      '--to',
      await elsewhere(),
    ],
    { env: { ...process.env, DATABASE_ADMIN_URL: db.adminUrl }, stdio: 'ignore' },
  )
  const ended = once(child, 'exit')
  await until(async () => (await unforced()) > 0)
  child.kill('SIGKILL')
  await ended
  expect(await unforced()).toBeGreaterThan(0)
  // The dead process's session ends when it is noticed; until then its lock stands.
  await until(() =>
    repairForce(db.adminUrl).then(
      () => true,
      () => false,
    ),
  )
  expect(await unforced()).toBe(0)
  expect(wallProblems(await readWalls(admin))).toEqual([])
})

test('a move to nowhere, or of a database that is not distributed, is refused and changes nothing', async () => {
  await expect(moveShard(db.adminUrl, { organizationId, to: 'nowhere:1' }, () => undefined)).rejects.toThrow(
    'nowhere:1 is no worker of this coordinator.',
  )
  const plain = new URL(db.adminUrl)
  plain.pathname = '/postgres'
  await expect(repairForce(plain.href)).rejects.toThrow('not distributed')
  expect(await unforced()).toBe(0)
})
