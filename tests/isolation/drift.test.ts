import { readFile } from 'node:fs/promises'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import postgres from 'postgres'
import { afterAll, expect, inject, test } from 'vitest'
import * as accounts from '../../db/schema/accounts.ts'
import * as ledger from '../../db/schema/ledger.ts'
import * as log from '../../db/schema/log.ts'
import * as rebuild from '../../db/schema/rebuild.ts'
import * as state from '../../db/schema/state.ts'
import { useDatabase } from '../support/database.ts'
import { listSchema } from '../support/schema-listing.ts'

const { adminUrl } = await useDatabase()
const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())
const isCluster = inject('databaseWorkers').length > 0

test('a migrated database is what db/schema.lock says (after a new migration: node scripts/list-schema.ts)', async () => {
  const listing = await readFile(new URL('../../db/schema.lock', import.meta.url), 'utf8')
  const [server] = await admin`select current_setting('server_version_num')::int >= 170000 as knows_maintain`
  const lines = listing.split('\n').map(line => (server?.knows_maintain ? line : withoutMaintain(line)))
  expect(comparable(await listSchema(admin))).toEqual(comparable(lines.join('\n')))
})

/** But the bodies of append, of which a cluster has others. */
const comparable = (listing: string) =>
  listing
    .split('\n')
    .map(line =>
      isCluster && line.startsWith('function ledger.append(') ? line.replace(/sha256:\w+/, 'a body') : line,
    )

test('the tables in code are the tables of the newest migration', async () => {
  const folder = new URL('../../db/migrations/meta/', import.meta.url)
  const journal = JSON.parse(await readFile(new URL('_journal.json', folder), 'utf8'))
  const newest = String(journal.entries.at(-1).tag).slice(0, 4)
  const migrated = JSON.parse(await readFile(new URL(`${newest}_snapshot.json`, folder), 'utf8'))
  const inCode = generateDrizzleJson(
    { ...accounts, ...ledger, ...log, ...state, ...rebuild },
    migrated.id,
    ['accounts', 'ledger', 'state', 'rebuild'],
    'snake_case',
  )
  expect(await generateMigration(migrated, inCode)).toEqual([])
})

/** Before version 17 PostgreSQL had no right to maintain a table; an owner has all there are. */
const withoutMaintain = (line: string) => line.replaceAll('arwdDxtm/', 'arwdDxt/')
