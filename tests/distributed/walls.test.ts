import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { finished } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { moveShard } from '../../db/distribute/move-shard.ts'
import { readWalls, wallProblems } from '../../db/distribute/walls.ts'
import { systemClock } from '../../server/clock.ts'
import { verifyLedger } from '../../server/verification/verify-ledger.ts'
import { appendTo, openOrganization, useLedger } from '../support/ledger.ts'

/* What guards an organization's rows on the workers, where nobody of ours looks. */

const { db, ledger } = await useLedger({ clock: systemClock })
const admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())
const [organizationId, other] = [
  await openOrganization(ledger, { simulated: false }),
  await openOrganization(ledger, { simulated: false }),
]
for (const id of [organizationId, other])
  await ledger.command(id, 'system:test', unit => appendTo(unit, id, 'any', 3))

const ledgerTables = async () =>
  (
    await admin<{ name: string }[]>`
      select 'ledger.' || c.relname as name from pg_dist_partition p join pg_class c on c.oid = p.logicalrelid
       where c.relnamespace = 'ledger'::regnamespace order by 1`
  ).map(({ name }) => name)

async function place(id = organizationId, table = 'ledger.events') {
  const [row] = await admin<{ shard: string; address: string; port: number }[]>`
    select p.shardid as shard, n.nodename || ':' || n.nodeport as address, n.nodeport as port
      from pg_dist_placement p join pg_dist_node n on n.groupid = p.groupid and n.noderole = 'primary'
     where p.shardid = get_shard_id_for_distribution_column(${table}::text::regclass, ${id}::text)`
  if (!row) throw new Error('no shard')
  return row
}

const workers = async () =>
  (
    await admin<{ address: string }[]>`
      select nodename || ':' || nodeport as address from pg_dist_node where groupid > 0 order by 1`
  ).map(({ address }) => address)

test('policies, FORCE, grants and triggers of every shard are those of its table, before and after a move', async () => {
  const before = await readWalls(admin)
  expect(before.filter(({ shard }) => shard === null).length).toBeGreaterThan(60)
  expect(before.filter(({ shard }) => shard !== null).length).toBeGreaterThan(240)
  expect(wallProblems(before)).toEqual([])
  const from = await place()
  const to = (await workers()).find(address => address !== from.address) ?? ''
  const printed: string[] = []
  await moveShard(db.adminUrl, { organizationId, to }, line => printed.push(line))
  expect((await place()).address).toBe(to)
  expect(wallProblems(await readWalls(admin))).toEqual([])
  expect(printed.at(-1)).toContain('FORCE is on again')
})

describe('a superuser', () => {
  test('changes and deletes nothing of the ledger through the coordinator', async () => {
    for (const table of ['ledger.events', 'ledger.streams'])
      for (const statement of [
        `delete from ${table} where organization_id = '${organizationId}'`,
        `update ${table} set organization_id = organization_id where false or organization_id = '${organizationId}'`,
      ]) {
        // Setting a distribution column is refused by Citus itself, with another code.
        const refused = await admin.unsafe(statement).then(
          () => null,
          ({ code }: postgres.PostgresError) => code,
        )
        expect(['42501', '0A000'], statement).toContain(refused)
      }
    for (const table of await ledgerTables())
      await expect(admin.unsafe(`truncate ${table} cascade`), table).rejects.toMatchObject({ code: '42501' })
  })

  test('changes and deletes nothing on a shard, where it lay or where it was moved to', async () => {
    const rows = await admin<{ shard: string; table: string; port: number }[]>`
      select p.shardid as shard, s.logicalrelid::text as table, n.nodeport as port
        from pg_dist_placement p join pg_dist_shard s using (shardid)
        join pg_dist_node n on n.groupid = p.groupid and n.noderole = 'primary'
       where s.logicalrelid in ('ledger.events'::regclass, 'ledger.streams'::regclass)`
    let held = 0
    for (const { shard, table, port } of rows) {
      await onWorker(port, async worker => {
        const relation = `${table}_${shard}`
        const [count] = await worker.unsafe<{ count: number }[]>(
          `select count(*)::int as count from ${relation}`,
        )
        if (!count?.count) return
        held += count.count
        for (const statement of [
          `delete from ${relation}`,
          `update ${relation} set stream_id = stream_id`,
          `truncate ${relation} cascade`,
        ])
          await expect(worker.unsafe(statement), statement).rejects.toMatchObject({
            code: expect.stringMatching(/^(42501|XX000)$/),
          })
      })
    }
    expect(held).toBeGreaterThan(8)
  })
})

describe('COPY straight into a shard, by a superuser', () => {
  const placed = async () => {
    const { shard, port } = await place()
    const [newest] = await admin<Record<string, string>[]>`
      select organization_id, position::text, stream_id, stream_version::text, event_type, leaf_hash::text
        from ledger.events where organization_id = ${organizationId} order by position desc limit 1`
    if (!newest) throw new Error('no event')
    const add = (worker: postgres.Sql, change: Record<string, string>) => {
      const row = {
        ...newest,
        event_id: randomUUID(),
        schema_version: '1',
        recorded_at: '2099-01-01',
        ...rest,
        ...change,
      }
      return copyInto(worker, `ledger.events_${shard}`, row)
    }
    return { port, add, newest }
  }
  const rest = { actor: 'user:somebody', payload: '{}' }
  const problems = async () => {
    const { problems } = await verifyLedger({
      database: db.database,
      organizationId,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    })
    return problems.map(({ sort }) => sort)
  }

  test('replaces no event', async () => {
    const { port, add } = await placed()
    await onWorker(port, worker => expect(add(worker, {})).rejects.toMatchObject(isAborted))
  })

  test('may add one, as on one PostgreSQL, which a verification finds', async () => {
    const { port, add, newest } = await placed()
    const before = await problems()
    const after = {
      position: String(Number(newest.position) + 1_000),
      stream_version: String(Number(newest.stream_version) + 1_000),
    }
    await onWorker(port, worker => add(worker, after))
    expect(await problems()).not.toEqual(before)
  })
})

describe('an app login straight to a worker', () => {
  test('is bound by the policies in what it reads and inserts', async () => {
    const { port } = await place()
    await onWorker(
      port,
      async app => {
        await app.begin(async transaction => {
          await transaction.unsafe(`set local app.organization_id = '${other}'`)
          const rows = await transaction`select from ledger.events where organization_id = ${organizationId}`
          expect(rows).toHaveLength(0)
        })
        await expect(
          app`insert into ledger.events (organization_id) values (${organizationId})`,
        ).rejects.toMatchObject({
          code: '42501',
        })
      },
      'attestry_app',
    )
  })

  test('adds rows to another organization by COPY, which the coordinator refuses, as a shard itself does', async () => {
    const table = 'state.organization_profile'
    const newcomer = randomUUID()
    const row = {
      organization_id: newcomer,
      from_position: '0',
      name: 'Name',
      slug: newcomer,
      simulated: 't',
      catalogue_version: '1',
    }
    const { shard, port } = await place(newcomer, table)
    const copy = (app: postgres.Sql, relation: string) =>
      copyInto(app, relation, row, [`set local app.organization_id = '${other}'`])
    const coordinator = postgres(db.appUrl, { max: 1 })
    await expect(copy(coordinator, table)).rejects.toMatchObject(isAborted)
    await coordinator.end()
    await onWorker(
      port,
      async app => {
        await expect(copy(app, `${table}_${shard}`)).rejects.toMatchObject({ code: '0A000' })
        // What is written here is the reason why nobody of the app may sign in there.
        await copy(app, table)
        await expect(copyInto(app, 'ledger.events', { organization_id: newcomer })).rejects.toMatchObject({
          code: '42501',
        })
      },
      'attestry_app',
    )
    expect(
      await admin`select from state.organization_profile where organization_id = ${newcomer}`,
    ).toHaveLength(1)
  })

  test('is barred by the documented pg_hba, while the coordinator still gets in', async () => {
    const { port } = await place()
    await onWorker(port, async worker => {
      const [file] = await worker<{ path: string; text: string }[]>`
        select current_setting('hba_file') as path, pg_read_file(current_setting('hba_file')) as text`
      if (!file) throw new Error('no pg_hba.conf')
      const write = async (text: string) => {
        const lines = text
          .trimEnd()
          .split('\n')
          .map(line => `('${line.replaceAll("'", "''")}')`)
        await worker.unsafe(`copy (values ${lines.join(', ')}) to '${file.path}'`)
        await worker`select pg_reload_conf()`
      }
      // The coordinator comes from 127.0.0.1 here, a process of the app from another address.
      const barred = ['attestry_app', 'attestry_retention'].flatMap(role => [
        `host all ${role} 127.0.0.1/32 trust`,
        `host all ${role} all reject`,
      ])
      try {
        await write([...barred, file.text].join('\n'))
        await expect.poll(() => signIn(port, '127.0.0.9')).toMatch(/pg_hba.conf rejects/)
        await ledger.command(organizationId, 'system:test', unit => appendTo(unit, organizationId))
      } finally {
        await write(file.text)
      }
    })
  })
})

/** One row, as COPY takes it. */
function copyInto(sql: postgres.Sql, relation: string, row: Record<string, string>, settings: string[] = []) {
  const columns = Object.keys(row).join(', ')
  const line = Object.values(row)
    .map(value => value.replaceAll('\\', '\\\\'))
    .join('\t')
  return sql.begin(async transaction => {
    for (const setting of settings) await transaction.unsafe(setting)
    const target = await transaction.unsafe(`copy ${relation} (${columns}) from stdin`).writable()
    target.end(`${line}\n`)
    // The driver tells of no refusal that follows the last row: the transaction does, which takes no more statements.
    await Promise.race([finished(target), pause(1_000)])
    await transaction`select 1`
  })
}

const isAborted = { code: '25P02' }

/** Asks a worker for a session as the app, from an address of this machine. @returns the refusal, or '' */
async function signIn(port: number, localAddress: string): Promise<string> {
  const client = postgres(workerUrl(port, 'attestry_app'), {
    max: 1,
    // The driver's types do not know that it takes a socket.
    ...({ socket: () => connect({ host: '127.0.0.1', port, localAddress }) } as object),
  })
  try {
    await client`select 1`
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    await client.end()
  }
}

function workerUrl(port: number, user?: string): string {
  const [any] = inject('databaseWorkers')
  const url = Object.assign(new URL(any ?? ''), { port: String(port), ...(user ? { username: user } : {}) })
  url.pathname = `/${db.name}`
  if (user) url.password = new URL(db.appUrl).password
  return url.href
}

async function onWorker(port: number, work: (worker: postgres.Sql) => Promise<void>, user?: string) {
  const worker = postgres(workerUrl(port, user), { max: 1, onnotice: () => undefined })
  try {
    await work(worker)
  } finally {
    await worker.end()
  }
}
