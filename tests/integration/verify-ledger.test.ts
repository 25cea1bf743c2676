import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import type { Check } from '../../server/domain/log/checks.ts'
import { sha256Hex } from '../../server/ledger/canonical.ts'
import { newestCheckpoint } from '../../server/ledger/checkpoints.ts'
import { envelopeText } from '../../server/ledger/envelope.ts'
import { leafHash, rootHash } from '../../server/ledger/merkle.ts'
import { sealNow } from '../../server/ledger/seal-log.ts'
import { ownerCaller } from '../support/caller.ts'
import { intruderIn, ledgerTables } from '../support/intruder.ts'
import { storedLog } from '../support/log.ts'
import { seedSealedHistory } from '../support/sealed-history.ts'
import { seedSecondOrganization } from '../support/seed.ts'

const scene = await seedSealedHistory()
const { admin, organizationId, services, verify } = scene
const intruder = await intruderIn(admin, organizationId)
const tables = await ledgerTables(admin)
const own = `organization_id = '${organizationId}'`
const log = storedLog(services, organizationId)

afterEach(() => intruder.undo())

const sortsOf = async () => (await verify()).problems.map(problem => problem.sort)

/** A ctid is the one row of it: an update or delete of exactly that. */
const one = (table: string, order = '1', where = 'true') =>
  `${own} and ctid = (select ctid from ledger.${table} where ${own} and ${where} order by ${order} limit 1)`

/**
 * What an expression is for a row, as a literal: a cluster's UPDATE takes no volatile function, and of a column none that
 * depends on the session, as sums of instants do.
 */
async function literal(expression: string, table: string, where: string): Promise<string> {
  const [row] = await admin.unsafe<{ literal: string }[]>(
    `select quote_literal((${expression})::text) as literal from ledger.${table} where ${where}`,
  )
  if (!row) throw new Error(`ledger.${table} has no row where ${where}`)
  return row.literal
}

test('a ledger that nobody touched holds, every time, and says what was checked', async () => {
  const leaves = await log.leafHashes()
  const result = await verify()
  expect(result).toEqual({
    size: leaves.length,
    root: rootHash(leaves).toString('hex'),
    outcome: 'holds',
    problems: [],
    counted: { checkpoints: 5, tiles: 1, evidence: expect.any(Number), items: expect.any(Number) },
  })
  expect(result.counted.evidence).toBeGreaterThan(8)
  expect(result.counted.items).toBeGreaterThan(20)
  await intruder.undo()
  expect(await verify()).toEqual(result)
})

/** Columns that nothing in the log binds: how the key service calls a key, and the clock of the process that sealed. */
const unbound = ['log_key.kms_key_id', 'checkpoint.signed_at']

/** The tables that a sound ledger may leave empty. */
const empty = ['sealed_stream']

/** That a checkpoint was signed is known to those who keep it; the log is whole without. */
const spare = ['head', 'checkpoint']

describe('no cell can be changed without being found', async () => {
  const columns = await admin<{ table: string; column: string; type: string }[]>`
    select table_name as table, column_name as column, data_type as type
      from information_schema.columns
     where table_schema = 'ledger' and column_name <> 'organization_id' order by table_name, ordinal_position`

  test.each(
    columns
      .filter(({ table, column }) => !empty.includes(table) && !unbound.includes(`${table}.${column}`))
      .map(each => [`${each.table}.${each.column}`, each] as const),
  )('%s', async (_, { table, column, type }) => {
    for (const order of [column, `${column} desc`]) {
      const other = await literal(otherValue(column, type), table, one(table, order))
      await intruder.change(`update ledger.${table} set ${column} = ${other} where ${one(table, order)}`)
      const { outcome, problems } = await verify()
      expect([outcome, problems.length > 0]).toEqual(['fails', true])
      for (const { words } of problems) expect(words).toMatch(/^[A-Z][^\n]+[.]$/)
      await intruder.undo()
    }
  })
})

describe('no row can be taken out without being found', () => {
  test.each(tables.filter(table => !spare.includes(table) && !empty.includes(table)))('%s', async table => {
    for (const order of ['ctid', 'ctid desc']) {
      await intruder.change(`delete from ledger.${table} where ${one(table, order)}`)
      expect((await verify()).outcome).toBe('fails')
      await intruder.undo()
    }
  })
})

/** What a superuser's plain INSERT can put into each table, foreign keys, checks and all. */
const inserts: Record<string, [sort: Check, insert: string]> = {
  events: [
    'surplus',
    `insert into ledger.events
     select organization_id, position + 1000, stream_id, stream_version + 1000, gen_random_uuid(), event_type,
            schema_version, recorded_at + interval '1 day', actor, payload, leaf_hash
       from ledger.events where ${one('events', 'position desc')}`,
  ],
  streams: [
    'surplus',
    `insert into ledger.streams values ('${organizationId}', gen_random_uuid(), 'member')`,
  ],
  item: ['surplus', `insert into ledger.item values ('${organizationId}', sha256('new'))`],
  item_body: [
    'surplus',
    `insert into ledger.item values ('${organizationId}', sha256('{}'));
     insert into ledger.item_body values ('${organizationId}', sha256('{}'), '{}')`,
  ],
  purged_item: [
    'purges',
    `insert into ledger.purged_item
     select organization_id, (select hash from ledger.item_body where ${own} limit 1), position
       from ledger.events where ${own} and event_type = 'ItemsPurged'`,
  ],
  sealed_stream: [
    'seals',
    `insert into ledger.sealed_stream select organization_id, stream_id from ledger.events where ${one('events', 'position desc')}`,
  ],
  evidence: [
    'surplus',
    `insert into ledger.evidence
     select organization_id, gen_random_uuid(), position, connection_id, source_id, run_id, kind, mode, fingerprint,
            item_count, collected_from, collected_to, window_from, window_to, summary, provenance
       from ledger.evidence where ${one('evidence', 'position')}`,
  ],
  evidence_delta: [
    'populations',
    `insert into ledger.evidence_delta
     select organization_id, evidence_id, gen_random_uuid(), item_hash from ledger.evidence_delta where ${one('evidence_delta')}`,
  ],
  log_key: [
    'surplus',
    `insert into ledger.log_key
     select organization_id, '01020304', origin, algorithm, public_key, kms_key_id, position + 1
       from ledger.log_key where ${own}`,
  ],
  tile: [
    'surplus',
    `insert into ledger.tile select organization_id, level, index + 1, hashes, root from ledger.tile where ${own}`,
  ],
  checkpoint: [
    'checkpoints',
    `insert into ledger.checkpoint
     select organization_id, size + 1, root, note, key_id, signed_at from ledger.checkpoint where ${one('checkpoint', 'size')}`,
  ],
}

describe('a superuser’s INSERT is exposed', () => {
  test('into every table of the ledger there is', () => {
    expect(Object.keys(inserts).toSorted()).toEqual(tables.filter(table => table !== 'head'))
  })

  test.each(Object.entries(inserts))('%s', async (_, [sort, insert]) => {
    await admin.begin(async transaction => {
      await transaction.unsafe(insert)
    })
    expect(await sortsOf()).toContain(sort)
  })

  test('a tile or checkpoint that is ahead of the log', async () => {
    await admin`
      insert into ledger.tile values (${organizationId}, 3, 0, ${Buffer.alloc(8192)}, ${Buffer.alloc(32)})`
    expect((await verify()).problems).toMatchObject([
      { sort: 'surplus', words: expect.stringContaining('tile 3/0') },
    ])
    await intruder.undo()
    await admin.unsafe(
      `insert into ledger.checkpoint select organization_id, 99999, root, note, key_id, signed_at from ledger.checkpoint where ${one('checkpoint')}`,
    )
    expect((await verify()).problems).toMatchObject([
      { sort: 'surplus', words: expect.stringContaining('99999') },
    ])
  })
})

describe('what is done with more care is exposed as well', async () => {
  const swap = (table: string, column: string, where: string) => `
    with two as (select ctid, ${column} as old, row_number() over (order by ctid) as n from ledger.${table}
                  where ${own} and ${where} order by ctid limit 2)
    update ledger.${table} t set ${column} = other.old from two, two other
     where t.${own} and t.ctid = two.ctid and other.n <> two.n`
  const foreign = seedSecondOrganization(scene)

  test.each<[string, Check, string[]]>([
    [
      'two events change places',
      'events',
      [
        `update ledger.events set position = position + 100000 where ${own} and position in (4, 5)`,
        `update ledger.events set position = 100009 - position where ${own} and position > 100000`,
      ],
    ],
    ['the actors of two events are swapped', 'events', [swap('events', 'actor', 'position in (2, 12)')]],
    [
      'a payload is written with a space',
      'events',
      [`update ledger.events set payload = payload || ' ' where ${own} and position = 7`],
    ],
    [
      'the newest event is cut off with the head',
      'surplus',
      [
        `delete from ledger.events where ${own} and position >= (select max(size) - 1 from ledger.checkpoint where ${own})`,
        `update ledger.head h set (size, last_at) = (select count(*), max(recorded_at) from ledger.events where ${own}) where ${own}`,
      ],
    ],
    ['the first event is gone', 'order', [`delete from ledger.events where ${own} and position = 0`]],
    ['all events are gone', 'order', [`delete from ledger.events where ${own}`]],
    [
      'an event is recorded at the end of time',
      'events',
      [`update ledger.events set recorded_at = 'infinity' where ${own} and position = 9`],
    ],
    [
      'the head says another time',
      'order',
      [
        `update ledger.head set last_at = ${await literal("last_at + interval '1 ms'", 'head', own)} where ${own}`,
      ],
    ],
    ['the log is called real', 'order', [`update ledger.head set simulated = false where ${own}`]],
    [
      'a stream is of another kind',
      'streams',
      [`update ledger.streams set stream_type = 'control' where ${own} and stream_type = 'run'`],
    ],
    [
      'a stream’s events change their order',
      'streams',
      [
        `update ledger.events set stream_version = stream_version + 1000 where ${own} and stream_id = '${organizationId}'`,
        `update ledger.events set stream_version = 1004 - stream_version where ${own} and stream_id = '${organizationId}'`,
      ],
    ],
    ['two checkpoints swap their notes', 'checkpoints', [swap('checkpoint', 'note', 'true')]],
    [
      'a note is cut off',
      'checkpoints',
      [`update ledger.checkpoint set note = left(note, 30) where ${one('checkpoint')}`],
    ],
    [
      'a note is empty',
      'checkpoints',
      [`update ledger.checkpoint set note = '' where ${one('checkpoint', 'size desc')}`],
    ],
    [
      'a checkpoint no longer says that it is simulated',
      'checkpoints',
      [`update ledger.checkpoint set note = replace(note, E'simulated\\n', '') where ${one('checkpoint')}`],
    ],
    [
      'the key is another',
      'keys',
      [`update ledger.log_key set public_key = sha256(public_key) where ${own}`],
    ],
    [
      'all checkpoints and the key are gone',
      'keys',
      [`delete from ledger.checkpoint where ${own}`, `delete from ledger.log_key where ${own}`],
    ],
    [
      'two subjects swap their items',
      'populations',
      [
        swap(
          'evidence_delta',
          'item_hash',
          `evidence_id = (select id from ledger.evidence where ${own} and kind = 'user_inventory' order by position limit 1)`,
        ),
      ],
    ],
    [
      'a subject that changed is said to have left',
      'populations',
      [
        `update ledger.evidence_delta set item_hash = null where ${one('evidence_delta', 'evidence_id desc', 'item_hash is not null')}`,
      ],
    ],
    [
      'a change is moved to another evidence row',
      'populations',
      [
        `update ledger.evidence_delta set evidence_id = (select id from ledger.evidence where ${own} order by position desc limit 1) where ${one('evidence_delta')}`,
      ],
    ],
    [
      'changes hang on evidence that does not exist',
      'surplus',
      [
        `insert into ledger.evidence_delta values ('${organizationId}', gen_random_uuid(), gen_random_uuid(), null)`,
      ],
    ],
    [
      'an item and its content are gone',
      'surplus',
      [
        `delete from ledger.item_body where ${one('item_body', 'hash')}`,
        `delete from ledger.item i where ${own} and not exists (select from ledger.item_body b where b.organization_id = i.organization_id and b.hash = i.hash) and not exists (select from ledger.purged_item p where p.organization_id = i.organization_id and p.hash = i.hash)`,
      ],
    ],
    ['two contents are swapped', 'items', [swap('item_body', 'body', 'true')]],
    ['content is gone without a purge', 'items', [`delete from ledger.item_body where ${one('item_body')}`]],
    [
      'content is listed as purged by an event of another kind',
      'surplus',
      [
        `insert into ledger.purged_item select organization_id, hash, 3, 'ItemsPurged' from ledger.item_body where ${one('item_body')}`,
        `delete from ledger.item_body where ${one('item_body')}`,
      ],
    ],
    [
      'content is added to a purge that was',
      'purges',
      [
        `insert into ledger.purged_item select organization_id, hash, (select position from ledger.purged_item where ${own}), 'ItemsPurged' from ledger.item_body where ${one('item_body')}`,
        `delete from ledger.item_body where ${one('item_body')}`,
      ],
    ],
    ['the list of a purge is gone', 'purges', [`delete from ledger.purged_item where ${own}`]],
    [
      'content is marked as purged by no purge',
      'purges',
      [`update ledger.item_body set purged_at_position = 5 where ${one('item_body')}`],
    ],
    [
      'purged content is back',
      'surplus',
      [
        `insert into ledger.item_body (organization_id, hash, body) select organization_id, hash, 'forged' from ledger.purged_item where ${own}`,
      ],
    ],
    [
      'content is sealed by nothing',
      'seals',
      [`update ledger.item_body set sealed_by = '${randomUUID()}' where ${one('item_body')}`],
    ],
    [
      'a stream that does not exist is sealed',
      'seals',
      [`insert into ledger.sealed_stream values ('${organizationId}', gen_random_uuid())`],
    ],
    [
      'evidence is dated later',
      'evidence',
      [
        `update ledger.evidence set collected_to = ${await literal("collected_to + interval '1 ms'", 'evidence', one('evidence', 'position'))} where ${one('evidence', 'position')}`,
      ],
    ],
    [
      'evidence has half a window',
      'evidence',
      [
        `update ledger.evidence set window_to = null where ${one('evidence', 'position', 'window_to is not null')}`,
      ],
    ],
    [
      'evidence of an event that does not attach',
      'evidence',
      [`update ledger.evidence set position = 0 where ${one('evidence', 'position')}`],
    ],
  ])('%s', async (_, sort, statements) => {
    await intruder.change(...statements)
    expect(await sortsOf()).toContain(sort)
  })

  test('another organization’s checkpoint, tile or key in the place of one’s own', async () => {
    const other = await foreign
    await sealNow(services, other.organizationId)
    const theirs = `organization_id = '${other.organizationId}'`
    await intruder.change(
      `update ledger.checkpoint set note = ${await literal('note', 'checkpoint', `${theirs} limit 1`)} where ${one('checkpoint', 'size')}`,
    )
    expect(await sortsOf()).toEqual(['checkpoints'])
    await intruder.undo()
    const key = await Promise.all(
      ['key_id', 'public_key', 'origin'].map(
        async column => `${column} = ${await literal(column, 'log_key', theirs)}`,
      ),
    )
    await intruder.change(`update ledger.log_key set ${key.join(', ')} where ${own}`)
    expect(await sortsOf()).toContain('keys')
  })
})

describe('a superuser who rewrites an event with its leaf, the tile and what hangs on it', () => {
  /** Another actor at position 5, and everything computed anew that can be computed. */
  async function rewriteHistory(): Promise<string[]> {
    const [row] = await admin<
      {
        position: string
        stream_id: string
        stream_version: string
        event_id: string
        event_type: string
        schema_version: number
        recorded_at: Date
        payload: string
      }[]
    >`select * from ledger.events where organization_id = ${organizationId} and position = 5`
    if (!row) throw new Error('there is an event')
    const actor = `user:${randomUUID()}`
    const envelope = envelopeText({
      actor,
      recordedAt: row.recorded_at,
      eventId: row.event_id,
      organizationId,
      payloadSha256: sha256Hex(row.payload),
      schemaVersion: row.schema_version,
      position: 5,
      streamId: row.stream_id,
      type: row.event_type,
      streamVersion: Number(row.stream_version),
    })
    const leaf = leafHash(Buffer.from(envelope))
    const leaves = (await log.leafHashes()).with(5, leaf)
    const hashes = Buffer.concat(leaves.slice(0, 256))
    const hex = (bytes: Buffer) => `'\\x${bytes.toString('hex')}'::bytea`
    const sizes = (await log.checkpoints()).map(({ size }) => size)
    return [
      `update ledger.events set actor = '${actor}', leaf_hash = ${hex(leaf)} where ${own} and position = 5`,
      `update ledger.tile set hashes = ${hex(hashes)}, root = ${hex(rootHash(leaves.slice(0, 256)))} where ${own}`,
      ...sizes.map(
        size =>
          `update ledger.checkpoint set root = ${hex(rootHash(leaves.slice(0, size)))} where ${own} and size = ${size}`,
      ),
    ]
  }

  test('is exposed by the stored checkpoints, whose signatures nobody else can make', async () => {
    const statements = await rewriteHistory()
    await intruder.change(...statements.slice(0, 2))
    expect((await verify()).problems).toEqual([
      {
        sort: 'checkpoints',
        words: expect.stringContaining('has another root than these events'),
        position: null,
      },
    ])
    await intruder.undo()
    await intruder.change(...statements)
    expect((await verify()).problems).toEqual([
      {
        sort: 'checkpoints',
        words: expect.stringContaining('was signed for another size or root'),
        position: null,
      },
    ])
  })

  test('and takes every checkpoint away is exposed by one that a reader kept, even after it was sealed anew', async () => {
    const caller = ownerCaller(scene)
    const organization = scene.slug
    const kept = await services.database.withOrganization(organizationId, transaction =>
      newestCheckpoint(transaction, organizationId),
    )
    const compare = () => caller.ledger.compareCheckpoint({ organization, note: kept?.note ?? '' })
    expect((await compare()).verdict).toBe('holds')
    await intruder.change(...(await rewriteHistory()), `delete from ledger.checkpoint where ${own}`)
    expect((await compare()).verdict).toBe('rewritten')
    await sealNow(services, organizationId)
    expect((await verify()).outcome).toBe('holds')
    expect((await compare()).verdict).toBe('rewritten')
  })
})

/** Another value of the column's type than a row's, whatever that was. */
function otherValue(column: string, type: string): string {
  switch (type) {
    case 'uuid':
      return 'gen_random_uuid()'
    case 'bytea':
      return `case when length(${column}) > 40 then overlay(${column} placing sha256(${column}) from 33) else sha256(coalesce(${column}, '')) end`
    case 'text':
      return `coalesce(${column}, '') || 'x'`
    case 'timestamp with time zone':
      return `coalesce(${column}, now()) + interval '1 ms'`
    case 'boolean':
      return `not ${column}`
    default:
      // Beyond what is there: no two may be the same.
      return `coalesce(${column}, 0) + 1000`
  }
}
