import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import postgres from 'postgres'
import { afterAll, expect, inject, test } from 'vitest'
import { Database } from '../../db/client.ts'
import { isDistributed, readCatalogue } from '../../db/distribute/catalogue.ts'
import { readContents } from '../../db/distribute/table-contents.ts'
import { readWalls, wallProblems } from '../../db/distribute/walls.ts'
import { migrate } from '../../db/migrate.ts'
import { systemClock } from '../../server/clock.ts'
import { createLedger } from '../../server/ledger/ledger.ts'
import { project } from '../../server/projections/project.ts'
import { appendTo, openOrganization } from '../support/ledger.ts'

/* The command itself, on a database with rows in it, killed again and again; and what comes after. */

const urls = inject('databaseServer')
const name = `test_${randomBytes(8).toString('hex')}`
const url = (role: keyof typeof urls) => urls[role].replace('{database}', name)
const nodes = [urls.admin.replace('{database}', 'postgres'), ...inject('databaseWorkers')]
await everywhere('postgres', `create database ${name} owner attestry_owner`)
afterAll(() => everywhere('postgres', `drop database ${name} with (force)`))
const root = join(import.meta.dirname, '../..')

await migrate(url('owner'))
const organizations = await fill()

test('a plan is printed and nothing changed; altered rows stop it, and killed after every few steps and begun again it ends with every row as it was', async () => {
  const refused = await run([])
  expect(refused.code).toBe(1)
  expect(refused.errors).toContain('This database has no Citus yet.')
  await everywhere(name, 'create extension citus', 'workers first')
  await within(url('admin'), async admin => {
    const [coordinator, ...workers] = nodes.map(node => new URL(node))
    await admin`select citus_set_coordinator_host(${coordinator?.hostname ?? ''}, ${Number(coordinator?.port)}::int)`
    for (const { hostname, port } of workers)
      await admin`select citus_add_node(${hostname}, ${Number(port)}::int)`
  })
  const dry = await run(['--dry-run'])
  expect(dry.lines.at(-1)).toMatch(/^\d+ of \d+ steps are left to do\.$/)
  await within(url('admin'), async admin => expect(await isDistributed(admin)).toBe(false))
  const before = await contents()
  await within(url('admin'), async admin => {
    for (const statement of altering) await admin.unsafe(statement)
    const altered = await run(['--shards', '4'])
    expect(altered.code).toBe(1)
    expect(altered.errors).toMatch(/^ledger.streams holds other rows on the workers than before/)
    await admin`drop trigger altering on ledger.streams`
  })
  let kills = 0
  for (let steps = 1; ; steps += 20) {
    const { code, errors } = await run(['--shards', '4'], steps)
    if (code === 0) break
    // One that was killed has no exit code.
    expect(code, errors).toBeNull()
    kills += 1
  }
  expect(kills).toBeGreaterThan(2)
  expect(await contents()).toEqual(before)
  expect((await run(['--dry-run'])).lines.at(-1)).toBe('Nothing is left to do.')
  await within(url('admin'), async admin => {
    const { tables } = await readCatalogue(admin)
    const copies = tables.filter(({ distribution, localBytes }) => distribution && localBytes > 0)
    expect(copies.map(({ name }) => name)).toEqual([])
    expect(wallProblems(await readWalls(admin))).toEqual([])
  })
})

test('a later migration reaches every node: a column, a table beside the head with its walls, another body of append', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'attestry-migrations-'))
  await cp(join(root, 'db/migrations'), folder, { recursive: true })
  const journalFile = join(folder, 'meta/_journal.json')
  const journal = JSON.parse(await readFile(journalFile, 'utf8'))
  const { when } = journal.entries.at(-1)
  journal.entries.push({
    idx: journal.entries.length,
    version: '7',
    when: when + 1000,
    tag: '9999_later',
    breakpoints: true,
  })
  await writeFile(journalFile, JSON.stringify(journal))
  const appendOne = await readFile(join(folder, '0015_append_one.sql'), 'utf8')
  const body =
    appendOne.slice(appendOne.indexOf('create function')).split('--> statement-breakpoint')[0] ?? ''
  await writeFile(
    join(folder, '9999_later.sql'),
    [...later, body.replace('create function', 'create or replace function')].join(
      '\n--> statement-breakpoint\n',
    ),
  )
  await migrate(url('owner'), folder)
  await migrate(url('owner'), folder)
  await rm(folder, { recursive: true })
  const database = new Database(url('app'))
  try {
    const ledger = createLedger({ database, clock: systemClock, project })
    for (const id of organizations)
      await ledger.command(id, 'system:test', unit => appendTo(unit, id, 'any', 2))
  } finally {
    await database.close()
  }
  await within(url('admin'), async admin => {
    const walls = await readWalls(admin)
    expect(wallProblems(walls)).toEqual([])
    expect(walls.filter(({ table, shard }) => table === 'state.later' && shard !== null)).toHaveLength(4)
    expect(await admin`select later from state.purge`).toHaveLength(0)
  })
})

/** A trigger that writes something else than comes. */
const altering = [
  `create function public.altering() returns trigger language plpgsql as
   $$ begin new.stream_type := 'control'; return new; end $$`,
  'create trigger altering before insert on ledger.streams for each row execute function public.altering()',
]

const tenant = "organization_id = current_setting('app.organization_id')::uuid"
const later = [
  'ALTER TABLE "state"."purge" ADD COLUMN "later" integer DEFAULT 0 NOT NULL;',
  `CREATE TABLE "state"."later" (
	"organization_id" uuid NOT NULL,
	"stream_id" uuid NOT NULL,
	CONSTRAINT "later_pk" PRIMARY KEY("organization_id","stream_id")
);`,
  "set local app.organization_id = '00000000-0000-0000-0000-000000000000';",
  'ALTER TABLE "state"."later" ADD CONSTRAINT "later_stream" FOREIGN KEY ("organization_id","stream_id") REFERENCES "ledger"."streams"("organization_id","stream_id");',
  'CREATE INDEX "later_index" ON "state"."later" USING btree ("organization_id","stream_id") WHERE stream_id is not null;',
  'alter table state.later enable row level security;',
  'alter table state.later force row level security;',
  `create policy tenant on state.later as restrictive using (${tenant}) with check (${tenant});`,
  `create policy allow on state.later using (${tenant}) with check (${tenant});`,
  'grant select, insert on state.later to attestry_app;',
  'create trigger no_change before update or delete on state.later for each row execute function ledger.forbid();',
  'alter table state.later enable always trigger no_change;',
]

/** Organizations with events, one with an assessment that is sealed: its guard refuses rows that come later. */
async function fill(): Promise<string[]> {
  const database = new Database(url('app'))
  const ids: string[] = []
  try {
    const ledger = createLedger({ database, clock: systemClock, project })
    for (let count = 0; count < 5; count++) {
      const id = await openOrganization(ledger, { simulated: false })
      await ledger.command(id, 'system:test', unit => appendTo(unit, id, 'any', 20))
      ids.push(id)
    }
  } finally {
    await database.close()
  }
  const [sealed = ''] = ids
  const assessment = randomUUID()
  await within(url('admin'), async admin => {
    await admin`
      insert into state.assessment (organization_id, id, from_position, name, period_from, period_to, controls,
        catalogue_version, status, opened_by, opened_at)
      values (${sealed}, ${assessment}, 0, 'First half', now(), now(), array['AC-02'], 1, 'approved', 'system:test', now())`
    await admin`
      insert into ledger.streams (organization_id, stream_id, stream_type) values (${sealed}, ${assessment}, 'assessment')`
    await admin`insert into ledger.sealed_stream (organization_id, stream_id) values (${sealed}, ${assessment})`
    await expect(admin`
      delete from state.assessment where organization_id = ${sealed} and id = ${assessment}`).rejects.toMatchObject(
      {
        code: '42501',
      },
    )
  })
  return ids
}

/** What every tenant table holds of each organization. */
function contents() {
  return within(url('admin'), async admin => {
    const { tables } = await readCatalogue(admin)
    const held: Record<string, unknown> = {}
    await admin`set timezone = 'UTC'`
    for (const table of tables.filter(
      ({ hasOrganization, schema }) => hasOrganization && schema !== 'accounts',
    ))
      held[table.name] = await readContents(admin, table)
    return held
  })
}

/** `npm run migrate -- --distribute`, killed once it has told of so many steps. */
async function run(args: string[], killAfter = Number.POSITIVE_INFINITY) {
  const child = spawn(process.execPath, [join(root, 'db/migrate-command.ts'), '--distribute', ...args], {
    env: { ...process.env, DATABASE_ADMIN_URL: url('admin') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  let errors = ''
  child.stderr.on('data', chunk => {
    errors += chunk
  })
  const lines: string[] = []
  let steps = 0
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (/: (installed|empty|same digest|on every node|runs where|takes effect|\d+ emptied)/.test(line))
      steps += 1
    if (steps === killAfter) child.kill('SIGKILL')
  }
  return { code: await ended, lines, errors }
}

async function everywhere(database: string, statement: string, order?: 'workers first') {
  for (const node of order ? nodes.toReversed() : nodes) {
    const address = new URL(node)
    address.pathname = `/${database}`
    await within(address.href, admin => admin.unsafe(statement))
  }
}

async function within<T>(address: string, work: (admin: postgres.Sql) => Promise<T>): Promise<T> {
  const admin = postgres(address, { max: 1, onnotice: () => undefined })
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}
