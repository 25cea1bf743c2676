import { and, asc, eq, getTableName } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, afterEach, expect, test } from 'vitest'
import { events } from '../../db/schema/ledger.ts'
import { credential, dataKey, keyObstacle, webhook } from '../../db/schema/state.ts'
import { openCredential, storeCredential, tokenCacheStore } from '../../server/connections/credentials.ts'
import { sweepOverdue } from '../../server/connections/sweep.ts'
import { renewSecrets } from '../../server/data-keys/renew-secrets.ts'
import { sealedColumns } from '../../server/data-keys/sealed-values.ts'
import { retiredKeyLife } from '../../server/domain/vault/keys.ts'
import { newId } from '../../server/ledger/ids.ts'
import { Secret } from '../../server/vault/secret.ts'
import { openWebhook } from '../../server/webhooks/webhook-records.ts'
import { callerOf, newMember, ownerCaller } from '../support/caller.ts'
import { rebuildWouldChange } from '../support/replay.ts'
import { foundOrganization, type Scene, useScene } from '../support/seed.ts'
import { closedGate, untilWaiting } from '../support/waiting.ts'

const scene = await useScene()
const { services, kms, clock, db, jobs } = scene
const admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())
afterEach(() => kms.fault(null))

const never = new AbortController().signal
const renew = (organizationId: string, signal = never) => renewSecrets(services, organizationId, signal)
const newScene = async (): Promise<Scene> => ({
  ...scene,
  ...(await foundOrganization(services, 'Ada Owner', 'Harbour Street')),
})
const inside = <T>(
  { organizationId }: Pick<Scene, 'organizationId'>,
  work: Parameters<typeof services.database.withOrganization<T>>[1],
) => services.database.withOrganization(organizationId, work)

/** An organization with so many client secrets, and one webhook. */
async function withSecrets(count: number) {
  const own = await newScene()
  const { organizationId } = own
  const ids = Array.from({ length: count }, newId)
  await inside(own, async transaction => {
    for (const id of ids)
      await storeCredential(
        services,
        transaction,
        organizationId,
        id,
        'client_secret',
        new Secret(`of ${id}`),
      )
  })
  const { webhookId } = await ownerCaller(own).webhooks.add({
    organization: own.slug,
    label: 'Archive',
    url: 'https://127.0.0.1:9/hook',
    format: 'standard',
  })
  return { own, organizationId, ids, webhookId, caller: ownerCaller(own) }
}

const open = (organizationId: string, id: string) =>
  inside({ organizationId }, async transaction =>
    (await openCredential(services, transaction, organizationId, id, 'client_secret'))?.reveal(),
  )

const versionsIn = (organizationId: string) =>
  inside({ organizationId }, async transaction => {
    const credentials = await transaction
      .select({ sealed: credential.sealed })
      .from(credential)
      .where(eq(credential.organizationId, organizationId))
    const hooks = await transaction
      .select({ url: webhook.sealedUrl, secret: webhook.sealedSecret })
      .from(webhook)
      .where(eq(webhook.organizationId, organizationId))
    const all = [
      ...credentials.map(({ sealed }) => sealed),
      ...hooks.flatMap(({ url, secret }) => [url, secret]),
    ]
    return [...new Set(all.map(sealed => sealed.readUInt32BE(2)))]
  })

const keysOf = (organizationId: string) =>
  inside({ organizationId }, transaction =>
    transaction
      .select()
      .from(dataKey)
      .where(eq(dataKey.organizationId, organizationId))
      .orderBy(asc(dataKey.version)),
  )

const keyEvents = (organizationId: string) =>
  inside({ organizationId }, async transaction => {
    const rows = await transaction
      .select({ type: events.eventType, payload: events.payload, actor: events.actor })
      .from(events)
      .where(and(eq(events.organizationId, organizationId), eq(events.streamId, organizationId)))
      .orderBy(asc(events.position))
    return rows
      .filter(({ type }) => /Key|Secrets/.test(type) && type !== 'SigningKeyAdopted')
      .map(({ type, payload, actor }) => ({ type, payload: JSON.parse(payload), actor: actor.split(':')[0] }))
  })

test('every column of sealed values is known to the job', async () => {
  const columns = await admin<{ name: string }[]>`
    select table_name || '.' || column_name as name from information_schema.columns
     where table_schema = 'state' and column_name like 'sealed%' and data_type = 'bytea' `
  const known = sealedColumns.map(({ table, sealed }) => `${getTableName(table)}.${sealed.name}`)
  expect(known.toSorted()).toEqual(columns.map(({ name }) => name).toSorted())
})

test('a rotated key seals from then on; what is stored is sealed anew, and the former key is destroyed after', async () => {
  const { own, organizationId, ids, webhookId, caller } = await withSecrets(60)
  await caller.keys.rotate({ organization: own.slug })
  expect(jobs.at(-1)).toMatchObject({ name: 'renew-secrets', payload: { organizationId } })
  await expect(caller.keys.rotate({ organization: own.slug })).rejects.toThrow('last rotation is not through')
  expect(await versionsIn(organizationId)).toEqual([1])
  expect((await caller.keys.show({ organization: own.slug })).present).toMatchObject({
    dataKeys: [
      { version: 2, state: 'seals' },
      { version: 1, state: 'being_replaced' },
    ],
    secrets: 62,
    secretsLeft: 62,
  })

  await renew(organizationId)
  expect(await versionsIn(organizationId)).toEqual([2])
  for (const id of [ids[0], ids.at(-1)]) expect(await open(organizationId, id ?? '')).toBe(`of ${id}`)
  const { url } = await inside(own, transaction =>
    openWebhook(services, transaction, { organizationId, webhookId }),
  )
  expect(url.href).toBe('https://127.0.0.1:9/hook')
  expect(
    (await keysOf(organizationId)).map(({ version, retiredAt }) => [version, retiredAt !== null]),
  ).toEqual([
    [1, true],
    [2, false],
  ])

  await renew(organizationId)
  expect(await keysOf(organizationId)).toHaveLength(2)
  clock.jump(retiredKeyLife)
  jobs.splice(0)
  await sweepOverdue(services)
  expect(jobs).toContainEqual(expect.objectContaining({ name: 'renew-secrets', payload: { organizationId } }))
  await renew(organizationId)
  await renew(organizationId)
  expect((await keysOf(organizationId)).map(({ version }) => version)).toEqual([2])
  expect(await open(organizationId, ids[0] ?? '')).toBe(`of ${ids[0]}`)
  expect(await keyEvents(organizationId)).toEqual([
    { type: 'DataKeyRotated', payload: { version: 2, kmsKeyId: kms.keyId }, actor: 'user' },
    { type: 'SecretsReencrypted', payload: { version: 2, count: 62, retired: [1] }, actor: 'system' },
    { type: 'DataKeysDestroyed', payload: { versions: [1] }, actor: 'system' },
  ])
  expect(await rebuildWouldChange(services, organizationId)).toEqual({})
})

test('work that ends in the middle goes on where it ended, and two at once do it once', async () => {
  const { own, organizationId, ids, caller } = await withSecrets(120)
  await caller.keys.rotate({ organization: own.slug })
  // After its first batch.
  await expect(renew(organizationId, AbortSignal.abort())).rejects.toThrow('aborted')
  const { present } = await caller.keys.show({ organization: own.slug })
  expect(present).toMatchObject({ secretsLeft: 72, obstacle: null })
  await Promise.all([renew(organizationId), renew(organizationId)])
  expect(await versionsIn(organizationId)).toEqual([2])
  for (const id of ids) expect(await open(organizationId, id)).toBe(`of ${id}`)
  expect((await keyEvents(organizationId)).map(({ type }) => type)).toEqual([
    'DataKeyRotated',
    'SecretsReencrypted',
  ])
})

test('a key does not retire while somebody still stores a secret under it', async () => {
  const { own, organizationId, caller } = await withSecrets(1)
  const id = newId()
  const [sealed, rotated] = [closedGate(), closedGate()]
  const storing = inside(own, async transaction => {
    await storeCredential(services, transaction, organizationId, id, 'client_secret', new Secret('late'))
    sealed.open()
    await rotated.opened
  })
  await sealed.opened
  await caller.keys.rotate({ organization: own.slug })
  const renewing = renew(organizationId)
  await untilWaiting(admin)
  rotated.open()
  await storing
  await renewing
  expect(await versionsIn(organizationId)).toEqual([2])
  expect(await open(organizationId, id)).toBe('late')
})

test('a token cache that was read before a rotation is written back after it', async () => {
  const { own, organizationId, caller } = await withSecrets(0)
  const id = newId()
  await inside(own, transaction =>
    storeCredential(services, transaction, organizationId, id, 'token_cache', new Secret('first')),
  )
  const store = tokenCacheStore(services, organizationId, id)
  await store.read()
  await caller.keys.rotate({ organization: own.slug })
  await renew(organizationId)
  await store.write(new Secret('second'))
  expect((await tokenCacheStore(services, organizationId, id).read())?.reveal()).toBe('second')
})

test('an organization’s own key wraps its data keys anew, and ends every access once it is disabled', async () => {
  const { own, organizationId, ids, caller } = await withSecrets(2)
  const theirs = kms.createKey({ alias: `customer-${newId()}`, spec: 'SYMMETRIC_DEFAULT' })
  const [id = ''] = ids
  const before = await open(organizationId, id)
  await caller.keys.choose({ organization: own.slug, kmsKeyId: theirs.arn })
  expect((await caller.keys.show({ organization: own.slug })).present?.dataKeys).toMatchObject([
    { version: 1, isWrappedAsChosen: false },
  ])
  await renew(organizationId)
  expect(await keysOf(organizationId)).toMatchObject([{ version: 1, kmsKeyId: theirs.arn }])
  expect(await open(organizationId, id)).toBe(before)
  await caller.keys.rotate({ organization: own.slug })
  expect((await keysOf(organizationId)).map(({ kmsKeyId }) => kmsKeyId)).toEqual([theirs.arn, theirs.arn])
  await renew(organizationId)

  kms.setEnabled(theirs.id, false)
  expect(await open(organizationId, id)).toBe(before)
  clock.jump(5 * 60_000)
  await expect(open(organizationId, id)).rejects.toMatchObject({ code: 'unavailable' })
  // The way back takes the key as well: nothing is wrapped anew without it, and nothing is lost.
  await caller.keys.choose({ organization: own.slug, kmsKeyId: '' })
  await expect(renew(organizationId)).rejects.toMatchObject({ code: 'unavailable' })
  expect((await caller.keys.show({ organization: own.slug })).present?.obstacle).toMatchObject({
    explanation: expect.stringContaining('missing or disabled'),
  })
  kms.setEnabled(theirs.id, true)
  await renew(organizationId)
  expect(new Set((await keysOf(organizationId)).map(({ kmsKeyId }) => kmsKeyId))).toEqual(
    new Set([kms.keyId]),
  )
  expect(await open(organizationId, id)).toBe(before)
  expect(
    await inside(own, transaction =>
      transaction.select().from(keyObstacle).where(eq(keyObstacle.organizationId, organizationId)),
    ),
  ).toEqual([])
  expect((await keyEvents(organizationId)).map(({ type }) => type)).toEqual([
    'KmsKeyChosen',
    'DataKeyRewrapped',
    'DataKeyRotated',
    'SecretsReencrypted',
    'KmsKeyChosen',
    'DataKeyRewrapped',
    'DataKeyRewrapped',
  ])
  expect(await rebuildWouldChange(services, organizationId)).toEqual({})
})

test('a key that cannot be used is never chosen, and its field says why', async () => {
  const { own, organizationId, caller } = await withSecrets(1)
  const choose = (kmsKeyId: string) => caller.keys.choose({ organization: own.slug, kmsKeyId })
  const disabled = kms.createKey({ alias: `disabled-${newId()}`, spec: 'SYMMETRIC_DEFAULT' })
  kms.setEnabled(disabled.id, false)
  const signing = kms.createKey({ alias: `signing-${newId()}`, spec: 'ECC_NIST_P256' })
  const unknown = disabled.arn.replace(/[0-9a-f]{12}$/, '0123456789ab')
  await expect(choose(disabled.arn)).rejects.toMatchObject({
    cause: { code: 'bad_input', fields: { kmsKeyId: expect.stringContaining('missing or disabled') } },
  })
  await expect(choose(unknown)).rejects.toMatchObject({ cause: { code: 'bad_input' } })
  await expect(choose(signing.arn)).rejects.toMatchObject({
    cause: { fields: { kmsKeyId: expect.stringContaining('wrong kind') } },
  })
  await expect(choose('alias/ours')).rejects.toMatchObject({ cause: { code: 'bad_input' } })
  kms.fault({ kind: 'access-denied' })
  await expect(choose(signing.arn)).rejects.toMatchObject({
    cause: { fields: { kmsKeyId: expect.stringContaining('refuses us access') } },
  })
  kms.fault({ kind: 'down' })
  await expect(choose(signing.arn)).rejects.toMatchObject({ cause: { code: 'unavailable' } })
  await expect(caller.keys.rotate({ organization: own.slug })).rejects.toMatchObject({
    cause: { code: 'unavailable' },
  })
  expect(await keyEvents(organizationId)).toEqual([])
  expect(await keysOf(organizationId)).toHaveLength(1)
})

test('only who manages the organization sees its keys', async () => {
  const { own } = await withSecrets(0)
  const lead = callerOf(services, await newMember(own, 'compliance_lead'))
  await expect(lead.keys.show({ organization: own.slug })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(lead.keys.rotate({ organization: own.slug })).rejects.toMatchObject({ code: 'FORBIDDEN' })
})
