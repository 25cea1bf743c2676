import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, describe, expect, test } from 'vitest'
import { appendPlain } from '../support/every-table.ts'
import { asOnEveryNode } from '../support/intruder.ts'
import { seedSyncedOrganization } from '../support/seed.ts'
import { closedGate, untilWaiting } from '../support/waiting.ts'

const { db, organizationId } = await seedSyncedOrganization()
const connect = (url: string) => postgres(url, { max: 1, onnotice: () => undefined })
const admin = connect(db.adminUrl)
const app = connect(db.appUrl)
const retention = connect(db.url('retention'))
afterAll(() => Promise.all([admin, app, retention].map(client => client.end())))

type Sql = postgres.TransactionSql

/** A transaction of the organization's that is kept. */
async function within(client: postgres.Sql, work: (transaction: Sql) => Promise<unknown>): Promise<void> {
  await client.begin(async transaction => {
    await transaction.unsafe(`set local app.organization_id = '${organizationId}'`)
    await work(transaction)
  })
}

const hashes = (
  await admin<{ hash: Buffer }[]>`
    select hash from ledger.item_body where organization_id = ${organizationId} order by hash`
).map(row => row.hash)

/** An item whose body nothing has marked: each call answers another. */
function nextHash(): Buffer {
  const hash = hashes.pop()
  if (!hash) throw new Error('no item is left')
  return hash
}

async function note(transaction: Sql, hash: Buffer, type = 'ItemsPurged') {
  const position = await appendPlain(transaction, organizationId, randomUUID(), type)
  await transaction`
    insert into ledger.purged_item (organization_id, hash, position) values (${organizationId}, ${hash}, ${position})`
  return position
}
const mark = (transaction: Sql, hash: Buffer, position: number) =>
  transaction`
    update ledger.item_body set purged_at_position = ${position} where organization_id = ${organizationId} and hash = ${hash}`
const remove = (transaction: Sql, hash: Buffer) =>
  transaction`delete from ledger.item_body where organization_id = ${organizationId} and hash = ${hash}`
const seal = (transaction: Sql, hash: Buffer) =>
  transaction`
    update ledger.item_body set sealed_by = ${randomUUID()} where organization_id = ${organizationId} and hash = ${hash}`
const isHeld = async (hash: Buffer) =>
  (await admin`select from ledger.item_body where organization_id = ${organizationId} and hash = ${hash}`)
    .length === 1

const purge = (hash: Buffer, client = retention) =>
  within(client, async transaction => {
    await mark(transaction, hash, await note(transaction, hash))
    await remove(transaction, hash)
  })

const refused = { code: '42501' }

test('a purge notes its event, marks the body and deletes it; the item stays', async () => {
  const hash = nextHash()
  await purge(hash)
  expect(await isHeld(hash)).toBe(false)
  const items =
    await admin`select from ledger.item where organization_id = ${organizationId} and hash = ${hash}`
  expect(items.length).toBe(1)
})

test('a body is not deleted before it is marked', async () => {
  const hash = nextHash()
  await expect(within(retention, transaction => remove(transaction, hash))).rejects.toMatchObject(refused)
})

test('a mark needs the note of its own event, of the type that purges', async () => {
  const hash = nextHash()
  await expect(within(retention, transaction => mark(transaction, hash, 3))).rejects.toMatchObject({
    code: '23503',
  })
  await expect(
    within(retention, transaction => note(transaction, hash, 'SyncStarted')),
  ).rejects.toMatchObject({ code: '23503' })
  await expect(
    within(retention, async transaction => {
      const position = await appendPlain(transaction, organizationId, randomUUID(), 'SyncStarted')
      await transaction`
        insert into ledger.purged_item (organization_id, hash, position, event_type)
        values (${organizationId}, ${hash}, ${position}, 'SyncStarted')`
    }),
  ).rejects.toMatchObject({ code: '23514' })
})

test('a mark is set once and stays', async () => {
  const hash = nextHash()
  await within(retention, async transaction => mark(transaction, hash, await note(transaction, hash)))
  const again = within(retention, async transaction => {
    await mark(transaction, hash, await note(transaction, hash))
  })
  await expect(again).rejects.toMatchObject(refused)
  await expect(
    admin`update ledger.item_body set purged_at_position = null where organization_id = ${organizationId} and hash = ${hash}`,
  ).rejects.toMatchObject(refused)
  await expect(within(app, transaction => seal(transaction, hash))).rejects.toMatchObject(refused)
})

test('the app neither marks nor deletes, and the retention role does not seal', async () => {
  const hash = nextHash()
  await expect(within(app, transaction => note(transaction, hash))).rejects.toMatchObject(refused)
  await expect(within(app, transaction => mark(transaction, hash, 3))).rejects.toMatchObject(refused)
  await expect(within(app, transaction => remove(transaction, hash))).rejects.toMatchObject(refused)
  await expect(within(retention, transaction => seal(transaction, hash))).rejects.toMatchObject(refused)
})

test('a sealed body refuses mark and delete, from everyone', async () => {
  const hash = nextHash()
  await within(app, transaction => seal(transaction, hash))
  await expect(purge(hash)).rejects.toMatchObject(refused)
  for (const mode of ['origin', 'replica']) {
    for (const change of [mark, remove, seal]) {
      const attempt = admin.begin(async transaction => {
        await transaction.unsafe(`set local session_replication_role = ${mode}`)
        await change(transaction, hash, 3)
      })
      await expect(attempt).rejects.toMatchObject(refused)
    }
  }
  expect(await isHeld(hash)).toBe(true)
})

describe('the end of a seal', () => {
  const sealed = async () => {
    const hash = nextHash()
    await within(app, transaction => seal(transaction, hash))
    return hash
  }
  const setEnd = (transaction: Sql, hash: Buffer, years = '7 years') =>
    transaction`
      update ledger.item_body set sealed_until = now() + ${years}::interval
       where organization_id = ${organizationId} and hash = ${hash}`
  /** As time does: nothing else than the trigger's own removal brings it about sooner. */
  const letPass = (hash: Buffer) =>
    admin.begin(async transaction => {
      await asOnEveryNode(transaction)
      await transaction`alter table ledger.item_body disable trigger guard`
      await transaction`
        update ledger.item_body set sealed_until = now() where organization_id = ${organizationId} and hash = ${hash}`
      await transaction`alter table ledger.item_body enable always trigger guard`
    })
  const inEitherMode = async (change: (transaction: Sql) => Promise<unknown>) => {
    for (const mode of ['origin', 'replica']) {
      const attempt = admin.begin(async transaction => {
        await transaction.unsafe(`set local session_replication_role = ${mode}`)
        await change(transaction)
      })
      await expect(attempt).rejects.toMatchObject(refused)
    }
  }

  test('is set once, by who purges, on what is sealed, and no sooner than a year from then, from everyone', async () => {
    const hash = await sealed()
    await expect(within(app, transaction => setEnd(transaction, hash))).rejects.toMatchObject(refused)
    await inEitherMode(transaction => setEnd(transaction, hash, '364 days'))
    await inEitherMode(transaction => setEnd(transaction, nextHash()))
    await within(retention, transaction => setEnd(transaction, hash))
    await inEitherMode(transaction => setEnd(transaction, hash, '8 years'))
    await inEitherMode(
      transaction =>
        transaction`
          update ledger.item_body set sealed_until = null where organization_id = ${organizationId} and hash = ${hash}`,
    )
  })

  test('opens the body to a purge once it has passed, and not before, to nobody', async () => {
    const hash = await sealed()
    await within(retention, transaction => setEnd(transaction, hash))
    await expect(purge(hash)).rejects.toMatchObject(refused)
    for (const change of [mark, remove, seal]) await inEitherMode(transaction => change(transaction, hash, 3))
    expect(await isHeld(hash)).toBe(true)
    await letPass(hash)
    await expect(within(retention, transaction => remove(transaction, hash))).rejects.toMatchObject(refused)
    await inEitherMode(transaction => seal(transaction, hash))
    await purge(hash)
    expect(await isHeld(hash)).toBe(false)
  })

  test('that is being set makes a purge wait, which is then refused', async () => {
    const hash = await sealed()
    const isSet = closedGate()
    const mayEnd = closedGate()
    const setting = within(retention, async transaction => {
      await setEnd(transaction, hash)
      isSet.open()
      await mayEnd.opened
    })
    await isSet.opened
    const other = connect(db.url('retention'))
    const purging = purge(hash, other).then(
      () => 'purged',
      (error: unknown) => error,
    )
    await untilWaiting(admin)
    mayEnd.open()
    await setting
    expect(await purging).toMatchObject(refused)
    expect(await isHeld(hash)).toBe(true)
    await other.end()
  })
})

test.each([
  ['is refused when the seal commits', true],
  ['goes through when the seal is taken back', false],
])('a purge that races a seal waits and %s', async (_, commits) => {
  const hash = nextHash()
  const isSealed = closedGate()
  const isDecided = closedGate()
  const sealing = within(app, async transaction => {
    await seal(transaction, hash)
    isSealed.open()
    await isDecided.opened
    if (!commits) throw new Error('not approved')
  }).catch(() => undefined)
  await isSealed.opened
  const purging = purge(hash).then(
    () => 'purged',
    (error: unknown) => error,
  )
  await untilWaiting(admin)
  isDecided.open()
  await sealing
  if (commits) expect(await purging).toMatchObject(refused)
  else expect(await purging).toBe('purged')
  expect(await isHeld(hash)).toBe(commits)
})

test.each([
  ['is refused when the purge commits', true],
  ['goes through when the purge is taken back', false],
])('a seal that races a purge waits and %s', async (_, commits) => {
  const hash = nextHash()
  const isMarked = closedGate()
  const isDecided = closedGate()
  const purging = within(retention, async transaction => {
    await mark(transaction, hash, await note(transaction, hash))
    isMarked.open()
    await isDecided.opened
    if (!commits) throw new Error('not purged after all')
  }).catch(() => undefined)
  await isMarked.opened
  const sealing = within(app, transaction => seal(transaction, hash)).then(
    () => 'sealed',
    (error: unknown) => error,
  )
  await untilWaiting(admin)
  isDecided.open()
  await purging
  if (commits) expect(await sealing).toMatchObject(refused)
  else expect(await sealing).toBe('sealed')
  expect(await isHeld(hash)).toBe(true)
})

test('of two purges of one body at once the second waits, and finds nothing left to mark or delete', async () => {
  const hash = nextHash()
  const isMarked = closedGate()
  const mayEnd = closedGate()
  const first = within(retention, async transaction => {
    await mark(transaction, hash, await note(transaction, hash))
    isMarked.open()
    await mayEnd.opened
    await remove(transaction, hash)
  })
  await isMarked.opened
  const other = connect(db.url('retention'))
  const second = within(other, async transaction => {
    await mark(transaction, hash, await note(transaction, hash))
    await remove(transaction, hash)
  }).then(
    () => 'nothing refused',
    (error: unknown) => error,
  )
  await untilWaiting(admin)
  mayEnd.open()
  await first
  expect(await second).toBe('nothing refused')
  expect(await isHeld(hash)).toBe(false)
  await other.end()
})

test('nothing is appended to a stream that is sealed, nor by an append that waits behind the seal', async () => {
  const stream = randomUUID()
  const isSealed = closedGate()
  const mayEnd = closedGate()
  const sealing = within(app, async transaction => {
    await appendPlain(transaction, organizationId, stream, 'SyncStarted')
    await transaction`insert into ledger.sealed_stream (organization_id, stream_id) values (${organizationId}, ${stream})`
    isSealed.open()
    await mayEnd.opened
  })
  await isSealed.opened
  const late = within(retention, transaction =>
    appendPlain(transaction, organizationId, stream, 'SyncStarted'),
  ).then(
    () => 'appended',
    (error: unknown) => error,
  )
  await untilWaiting(admin)
  mayEnd.open()
  await sealing
  expect(await late).toMatchObject(refused)
  for (const client of [app, retention, admin]) {
    await expect(
      within(client, transaction => appendPlain(transaction, organizationId, stream, 'SyncStarted')),
    ).rejects.toMatchObject(refused)
  }
})
