import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { and, eq } from 'drizzle-orm'
import { afterAll, afterEach, expect, test } from 'vitest'
import { dataKey } from '../../db/schema/state.ts'
import { startKms } from '../../sandbox/kms/start-kms.ts'
import { keyLifetime } from '../../server/vault/key-cache.ts'
import { createKms } from '../../server/vault/kms.ts'
import { Secret } from '../../server/vault/secret.ts'
import { createVault, type Vault } from '../../server/vault/vault.ts'
import { useDatabase } from '../support/database.ts'

const { database } = await useDatabase()
const folder = await mkdtemp(join(tmpdir(), 'attestry-kms-'))
const statePath = join(folder, 'kms.json')
let kmsServer = await startKms({ statePath })
const kmsPort = Number(new URL(kmsServer.origin).port)

let now = Date.UTC(2026, 0, 15)
const clock = { now: () => new Date(now), sleep: () => Promise.resolve() }
const vaults: Vault[] = []

/** As another process would: a vault with nothing in memory. */
function openVault(options: { answerWithin?: number } = {}): Vault {
  const kms = createKms({
    endpoint: `http://127.0.0.1:${kmsPort}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    ...options,
  })
  const vault = createVault({ kms, kmsKeyId: kmsServer.keyId, clock })
  vaults.push(vault)
  return vault
}

const placeOf = (organizationId: string) => ({
  organizationId,
  record: 'connection/1',
  field: 'client_secret',
})

const seal = (vault: Vault, organizationId: string, text: string, place = placeOf(organizationId)) =>
  database.withOrganization(organizationId, transaction => vault.seal(transaction, place, new Secret(text)))

const open = (vault: Vault, organizationId: string, sealed: Buffer, place = placeOf(organizationId)) =>
  database.withOrganization(organizationId, async transaction =>
    (await vault.open(transaction, place, sealed)).reveal(),
  )

const keysOf = (organizationId: string) =>
  database.withOrganization(organizationId, transaction =>
    transaction.select().from(dataKey).where(eq(dataKey.organizationId, organizationId)),
  )

afterEach(() => kmsServer.fault(null))

afterAll(async () => {
  for (const vault of vaults) vault.close()
  await kmsServer.stop()
  await rm(folder, { recursive: true })
})

test('what one process seals another opens, and the key is stored wrapped only', async () => {
  const organizationId = randomUUID()
  const sealed = await seal(openVault(), organizationId, 'päss✓word')
  expect(sealed.includes('word')).toBe(false)
  expect(await open(openVault(), organizationId, sealed)).toBe('päss✓word')
  const [key, ...more] = await keysOf(organizationId)
  expect(more).toEqual([])
  expect(key).toMatchObject({ version: 1, kmsKeyId: kmsServer.keyId, createdAt: new Date(now) })
  expect(key?.wrapped.length).toBeGreaterThan(32)
})

test('of several processes that seal first at once one makes the key, and all use it', async () => {
  const organizationId = randomUUID()
  const sealed = await Promise.all(
    Array.from({ length: 8 }, (_, index) => seal(openVault(), organizationId, `secret ${index}`)),
  )
  expect(await keysOf(organizationId)).toHaveLength(1)
  const reader = openVault()
  const opened = await Promise.all(sealed.map(bytes => open(reader, organizationId, bytes)))
  expect(opened).toEqual(sealed.map((_, index) => `secret ${index}`))
})

test('a key made in a transaction that is rolled back is never used again', async () => {
  const organizationId = randomUUID()
  const vault = openVault()
  const rolledBack = database.withOrganization(organizationId, async transaction => {
    await vault.seal(transaction, placeOf(organizationId), new Secret('first'))
    throw new Error('rolled back')
  })
  await expect(rolledBack).rejects.toThrow('rolled back')
  expect(await keysOf(organizationId)).toEqual([])
  const sealed = await seal(vault, organizationId, 'second')
  expect(await open(openVault(), organizationId, sealed)).toBe('second')
})

test('another organization cannot open it, in its own name or in the owner’s', async () => {
  const [owner, other] = [randomUUID(), randomUUID()]
  const vault = openVault()
  const sealed = await seal(vault, owner, 'mine')
  await seal(vault, other, 'theirs')
  await expect(open(vault, other, sealed)).rejects.toMatchObject({ code: 'internal' })
  await expect(open(vault, other, sealed, placeOf(owner))).rejects.toMatchObject({
    code: 'precondition_failed',
  })
  await expect(seal(vault, other, 'x', placeOf(randomUUID()))).rejects.toThrow()
  expect(await open(vault, owner, sealed)).toBe('mine')
})

test('a wrapped key moved to another organization is refused by the key service itself', async () => {
  const [owner, other] = [randomUUID(), randomUUID()]
  const sealed = await seal(openVault(), owner, 'mine')
  const [key] = await keysOf(owner)
  if (!key) throw new Error('no key')
  await database.withOrganization(other, transaction =>
    transaction.insert(dataKey).values({ ...key, organizationId: other }),
  )
  await expect(open(openVault(), other, sealed)).rejects.toMatchObject({
    code: 'internal',
    details: { reason: 'InvalidCiphertextException' },
  })
})

test('a value moved to another record or field does not open', async () => {
  const organizationId = randomUUID()
  const vault = openVault()
  const sealed = await seal(vault, organizationId, 'mine')
  const place = placeOf(organizationId)
  for (const elsewhere of [
    { ...place, record: 'connection/2' },
    { ...place, field: 'token_cache' },
  ]) {
    await expect(open(vault, organizationId, sealed, elsewhere)).rejects.toMatchObject({ code: 'internal' })
  }
})

test('while the key service is down the key in memory serves until it expires, then the error is clear and nothing is lost', async () => {
  const organizationId = randomUUID()
  const vault = openVault()
  const sealed = await seal(vault, organizationId, 'kept')
  kmsServer.fault({ kind: 'down' })
  now += keyLifetime - 1
  expect(await open(vault, organizationId, sealed)).toBe('kept')
  const during = await seal(vault, organizationId, 'sealed while it was down')
  now += 1
  await expect(open(vault, organizationId, sealed)).rejects.toMatchObject({
    code: 'unavailable',
    userMessage: expect.stringMatching(/key service does not answer.*Nothing was lost/),
  })
  const newcomer = randomUUID()
  await expect(seal(vault, newcomer, 'x')).rejects.toMatchObject({ code: 'unavailable' })
  kmsServer.fault(null)
  expect(await keysOf(newcomer)).toEqual([])
  expect(await open(vault, organizationId, sealed)).toBe('kept')
  expect(await open(vault, organizationId, during)).toBe('sealed while it was down')
})

test('after the key service was restarted old values still open', async () => {
  const organizationId = randomUUID()
  const sealed = await seal(openVault(), organizationId, 'kept')
  await kmsServer.stop()
  await expect(open(openVault(), organizationId, sealed)).rejects.toMatchObject({ code: 'unavailable' })
  kmsServer = await startKms({ statePath, port: kmsPort })
  expect(await open(openVault(), organizationId, sealed)).toBe('kept')
})

test('refused access and a disabled key are told apart', async () => {
  const organizationId = randomUUID()
  const sealed = await seal(openVault(), organizationId, 'kept')
  kmsServer.fault({ kind: 'access-denied' })
  await expect(open(openVault(), organizationId, sealed)).rejects.toMatchObject({
    code: 'unavailable',
    userMessage: expect.stringContaining('refuses us access'),
    details: { reason: 'AccessDeniedException' },
  })
  kmsServer.fault(null)
  kmsServer.setEnabled(kmsServer.keyId, false)
  await expect(open(openVault(), organizationId, sealed)).rejects.toMatchObject({
    code: 'unavailable',
    userMessage: expect.stringContaining('missing or disabled'),
  })
  kmsServer.setEnabled(kmsServer.keyId, true)
})

test('a key service that answers too late is one that does not answer', async () => {
  const organizationId = randomUUID()
  const sealed = await seal(openVault(), organizationId, 'kept')
  kmsServer.fault({ kind: 'slow', delayMs: 1_000, times: 1 })
  const hasty = openVault({ answerWithin: 50 })
  await expect(open(hasty, organizationId, sealed)).rejects.toMatchObject({
    code: 'unavailable',
    details: { reason: 'TimeoutError' },
    userMessage: expect.stringMatching(/does not answer.*Nothing was lost/),
  })
  expect(await open(hasty, organizationId, sealed)).toBe('kept')
})

test('two values that changed places open neither here nor there', async () => {
  const organizationId = randomUUID()
  const vault = openVault()
  const first = { ...placeOf(organizationId), record: 'connection/1' }
  const second = { ...placeOf(organizationId), record: 'connection/2' }
  const sealed = {
    first: await seal(vault, organizationId, 'first', first),
    second: await seal(vault, organizationId, 'second', second),
  }
  await expect(open(vault, organizationId, sealed.second, first)).rejects.toMatchObject({ code: 'internal' })
  await expect(open(vault, organizationId, sealed.first, second)).rejects.toMatchObject({ code: 'internal' })
})

test('one unwrap serves all that ask at once', async () => {
  const organizationId = randomUUID()
  const sealed = await seal(openVault(), organizationId, 'kept')
  const reader = openVault()
  const before = kmsServer.requests.length
  await Promise.all(Array.from({ length: 20 }, () => open(reader, organizationId, sealed)))
  expect(kmsServer.requests.slice(before)).toEqual(['Decrypt'])
})

test('new values are sealed under the newest key, old ones open under theirs, and none once its key is deleted', async () => {
  const organizationId = randomUUID()
  const vault = openVault()
  const old = await seal(vault, organizationId, 'old')
  const kms = createKms({
    endpoint: kmsServer.origin,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  const context = { organizationId, purpose: 'credentials', keyVersion: '2' }
  const { wrapped } = await kms.generateDataKey(kmsServer.keyId, context)
  await database.withOrganization(organizationId, transaction =>
    transaction
      .insert(dataKey)
      .values({ organizationId, version: 2, wrapped, kmsKeyId: kmsServer.keyId, createdAt: new Date(now) }),
  )
  const fresh = await seal(vault, organizationId, 'fresh')
  expect(fresh.readUInt32BE(2)).toBe(2)
  await database.withOrganization(organizationId, transaction =>
    transaction
      .delete(dataKey)
      .where(and(eq(dataKey.organizationId, organizationId), eq(dataKey.version, 1))),
  )
  expect(await open(vault, organizationId, fresh)).toBe('fresh')
  await expect(open(vault, organizationId, old)).rejects.toMatchObject({ code: 'precondition_failed' })
})

test('a closed vault opens nothing', async () => {
  const organizationId = randomUUID()
  const vault = openVault()
  const sealed = await seal(vault, organizationId, 'kept')
  vault.close()
  await expect(open(vault, organizationId, sealed)).rejects.toMatchObject({ code: 'unavailable' })
})
