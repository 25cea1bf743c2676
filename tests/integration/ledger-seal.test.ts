import { randomUUID } from 'node:crypto'
import { and, asc, eq, like } from 'drizzle-orm'
import { pino } from 'pino'
import postgres from 'postgres'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { events } from '../../db/schema/ledger.ts'
import { logKey } from '../../db/schema/log.ts'
import { handleSeal } from '../../jobs/seal.ts'
import { readOpenAlerts } from '../../server/alerts/open-alerts.ts'
import { sweepOverdue } from '../../server/connections/sweep.ts'
import { parseCheckpoint } from '../../server/ledger/checkpoint-text.ts'
import { readLogKeys } from '../../server/ledger/log-keys.ts'
import { LogRewritten } from '../../server/ledger/log-rewritten.ts'
import { LogTree } from '../../server/ledger/log-tree.ts'
import { rootHash, verifyConsistency, verifyInclusion } from '../../server/ledger/merkle.ts'
import { sealNow } from '../../server/ledger/seal-log.ts'
import { parseNote, verifyNote } from '../../server/ledger/signed-note.ts'
import { formatVerifierKey } from '../../server/ledger/verifier-key.ts'
import { registerOrganization } from '../../server/members/register-organization.ts'
import type { Services } from '../../server/services.ts'
import { createKms } from '../../server/vault/kms.ts'
import { createKmsSigner } from '../../server/vault/kms-signer.ts'
import { errorOf, jumpingClock } from '../support/entra.ts'
import { asOnEveryNode } from '../support/intruder.ts'
import { actor, appendTo, openOrganization } from '../support/ledger.ts'
import { grow, storedLog } from '../support/log.ts'
import { useServices } from '../support/services.ts'
import { closedGate, untilWaiting } from '../support/waiting.ts'

const clock = jumpingClock()
const { services, seals, kms, db } = await useServices({ clock, entraOrigin: () => 'http://127.0.0.1:9' })
const { database, ledger } = services
const admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined })
const kmsClient = createKms({
  endpoint: kms.origin,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
})
afterEach(() => kms.fault(null))
afterAll(() => {
  kmsClient.close()
  return admin.end()
})

const newLog = async (simulated = true) => {
  const organizationId = await openOrganization(ledger, { simulated })
  return { organizationId, ...storedLog(services, organizationId) }
}
const keysOf = (organizationId: string) =>
  database.withOrganization(organizationId, transaction => readLogKeys(transaction, organizationId))
const signsBy = (kmsKeyId: string): Services => ({
  ...services,
  signer: createKmsSigner({ kms: kmsClient, kmsKeyId, clock }),
})
const adoptions = (organizationId: string) =>
  database.withOrganization(organizationId, transaction =>
    transaction
      .select({ payload: events.payload, position: events.position, streamId: events.streamId })
      .from(events)
      .where(and(eq(events.organizationId, organizationId), eq(events.eventType, 'SigningKeyAdopted')))
      .orderBy(asc(events.position)),
  )

/** As somebody with the rights of the server itself would, past every trigger. */
const rewrite = (table: string, statement: string) =>
  admin.begin(async transaction => {
    await asOnEveryNode(transaction)
    await transaction.unsafe('set local session_replication_role = replica')
    await transaction.unsafe(`alter table ${table} disable trigger user`)
    await transaction.unsafe(statement)
    await transaction.unsafe(`alter table ${table} enable trigger user`)
    for (const name of ['no_change', 'no_truncate', 'guard']) {
      const [known] = await transaction`
        select from pg_trigger where tgrelid = ${table}::regclass and tgname = ${name}`
      if (known) await transaction.unsafe(`alter table ${table} enable always trigger ${name}`)
    }
  })

describe('the first seal', () => {
  test('adopts the key, and signs a checkpoint that verifies with it and names the log', async () => {
    const log = await newLog()
    const { organizationId } = log
    const sealed = await sealNow(services, organizationId)
    const keys = await keysOf(organizationId)
    const [key, ...more] = keys
    expect(more).toEqual([])
    const origin = `localhost:3000/ledger/${organizationId}`
    expect(key).toMatchObject({ name: origin, algorithm: 'ed25519', position: 1 })
    expect(await adoptions(organizationId)).toEqual([
      {
        position: 1,
        streamId: organizationId,
        payload: JSON.stringify({
          algorithm: 'ed25519',
          keyId: key?.keyId,
          origin,
          publicKey: Buffer.from(key?.publicKey ?? []).toString('base64'),
        }),
      },
    ])
    expect(sealed).toMatchObject({ size: 2, keyId: key?.keyId, signedAt: clock.now() })
    expect(await log.checkpoints()).toMatchObject([sealed])
    const note = parseNote(sealed.note)
    expect(verifyNote(note, keys)).toMatchObject({ kind: 'signed' })
    const root = rootHash(await log.leafHashes())
    expect(parseCheckpoint(note.text)).toEqual({ origin, size: 2, root, extensions: ['simulated'] })
  })

  test('of a log that is not simulated says nothing of the kind', async () => {
    clock.jump(Date.now() - clock.now().getTime())
    const { organizationId } = await newLog(false)
    const { note } = await sealNow(services, organizationId)
    expect(parseCheckpoint(parseNote(note).text).extensions).toEqual([])
  })

  test('by an ECDSA key signs as well', async () => {
    const { organizationId } = await newLog()
    const { id } = kms.createKey({ alias: randomUUID(), spec: 'ECC_NIST_P256' })
    const { note } = await sealNow(signsBy(id), organizationId)
    const [key] = await keysOf(organizationId)
    expect(key?.algorithm).toBe('ecdsa-p256')
    expect(verifyNote(parseNote(note), key ? [key] : [])).toMatchObject({ kind: 'signed' })
  })

  test('by a key that cannot sign is refused with words, and leaves nothing', async () => {
    const log = await newLog()
    const error = await errorOf(sealNow(signsBy(kms.keyId), log.organizationId))
    expect(error).toMatchObject({ code: 'unavailable', userMessage: expect.stringContaining('ECC_NIST') })
    expect(await log.checkpoints()).toEqual([])
    expect(await keysOf(log.organizationId)).toEqual([])
  })
})

describe('a seal', () => {
  test('with nothing new is the checkpoint there is, and asks nothing of the key service', async () => {
    const log = await newLog()
    const sealed = await sealNow(services, log.organizationId)
    const asked = kms.requests.length
    expect(await sealNow(services, log.organizationId)).toEqual(sealed)
    expect(kms.requests.length).toBe(asked)
    expect(await log.checkpoints()).toHaveLength(1)
  })

  test('is one for all that seal at once, and so is the key', async () => {
    const log = await newLog()
    await grow(ledger, log.organizationId, 600)
    const sealed = await Promise.all(Array.from({ length: 6 }, () => sealNow(services, log.organizationId)))
    expect(new Set(sealed.map(({ root, size }) => `${size} ${root.toString('hex')}`)).size).toBe(1)
    expect(await log.checkpoints()).toHaveLength(1)
    expect(await adoptions(log.organizationId)).toHaveLength(1)
    expect((await log.tiles()).map(({ level, index }) => [level, index])).toEqual([
      [0, 0],
      [0, 1],
    ])
  })

  test('goes on among appends: every checkpoint is of the one log', async () => {
    const log = await newLog()
    const stream = randomUUID()
    await Promise.all([
      (async () => {
        for (let round = 0; round < 30; round++) {
          await ledger.command(log.organizationId, actor, unit => appendTo(unit, stream, 'any', 20))
        }
      })(),
      ...[1, 2].map(async () => {
        for (let round = 0; round < 8; round++) await sealNow(services, log.organizationId)
      }),
    ])
    await sealNow(services, log.organizationId)
    const leaves = await log.leafHashes()
    for (const { size, root } of await log.checkpoints()) {
      expect(root).toEqual(rootHash(leaves.slice(0, size)))
    }
  })

  test('waits for a command that is about to end, and covers what it appended', async () => {
    const { organizationId } = await newLog()
    const isAppended = closedGate()
    const mayEnd = closedGate()
    const command = ledger.command(organizationId, actor, async unit => {
      await appendTo(unit, randomUUID())
      isAppended.open()
      await mayEnd.opened
    })
    await isAppended.opened
    const sealing = sealNow(services, organizationId)
    await untilWaiting(admin)
    mayEnd.open()
    await command
    // The first event, the command's, and the adopted key.
    expect(await sealing).toMatchObject({ size: 3 })
  })

  test('that the key service breaks off leaves tiles and no checkpoint, and the next one goes on', async () => {
    const log = await newLog()
    await sealNow(services, log.organizationId)
    await grow(ledger, log.organizationId, 300)
    kms.fault({ kind: 'access-denied', operation: 'Sign' })
    expect(await errorOf(sealNow(services, log.organizationId))).toMatchObject({ code: 'unavailable' })
    expect(await log.checkpoints()).toHaveLength(1)
    const tiles = await log.tiles()
    expect(tiles).toHaveLength(1)
    kms.fault(null)
    expect(await sealNow(services, log.organizationId)).toMatchObject({ size: 302 })
    expect(await log.tiles()).toEqual(tiles)
  })

  test('by another key adopts it under the same origin, whatever the deployment is called, and either verifies', async () => {
    const log = await newLog()
    const { organizationId } = log
    const { id } = kms.createKey({ alias: randomUUID(), spec: 'ECC_NIST_EDWARDS25519' })
    const first = await sealNow(services, organizationId)
    await grow(ledger, organizationId, 1)
    const renamed = { ...signsBy(id), appOrigin: 'https://elsewhere.example' }
    const second = await sealNow(renamed, organizationId)
    await grow(ledger, organizationId, 1)
    const third = await sealNow(services, organizationId)
    const keys = await keysOf(organizationId)
    expect(new Set(keys.map(key => key.name)).size).toBe(1)
    expect(keys.map(formatVerifierKey)).toHaveLength(2)
    expect([first, second, third].map(({ keyId }) => keyId)).toEqual([
      keys[0]?.keyId,
      keys[1]?.keyId,
      keys[0]?.keyId,
    ])
    for (const { note } of await log.checkpoints()) {
      expect(verifyNote(parseNote(note), keys)).toMatchObject({ kind: 'signed' })
    }
    expect(await adoptions(organizationId)).toHaveLength(2)
  })

  test('stores no signature of a key that changed behind its name', async () => {
    const log = await newLog()
    const { id } = kms.createKey({ alias: randomUUID(), spec: 'ECC_NIST_EDWARDS25519' })
    const changed = { ...services, signer: { ...services.signer, sign: signsBy(id).signer.sign } }
    expect(await errorOf(sealNow(changed, log.organizationId))).toMatchObject({ code: 'unavailable' })
    expect(await log.checkpoints()).toEqual([])
  })
})

describe('a seal job that fails', () => {
  const openAlerts = (organizationId: string) =>
    database.withOrganization(organizationId, transaction => readOpenAlerts(transaction, organizationId))
  const told = (organizationId: string) =>
    database.withOrganization(organizationId, transaction =>
      transaction
        .select({ type: events.eventType })
        .from(events)
        .where(and(eq(events.organizationId, organizationId), like(events.eventType, 'Sealing%')))
        .orderBy(asc(events.position)),
    )
  const seal = (organizationId: string, retryCount: number) =>
    handleSeal(services)([{ data: { organizationId }, retryCount }])

  test.each(['access-denied', 'unavailable'] as const)(
    'for the second time in a row (%s) raises one alert, which the next seal ends',
    async kind => {
      const { organizationId } = await newLog()
      await seal(organizationId, 0)
      await grow(ledger, organizationId, 1)
      kms.fault({ kind, operation: 'Sign' })
      await errorOf(seal(organizationId, 0))
      expect(await openAlerts(organizationId)).toEqual([])
      for (let retry = 1; retry < 4; retry++) await errorOf(seal(organizationId, retry))
      const cause = { kind: 'sealing_failed', obstacle: 'key_service' }
      expect(await openAlerts(organizationId)).toMatchObject([{ cause }])
      kms.fault(null)
      await seal(organizationId, 4)
      await seal(organizationId, 0)
      expect(await openAlerts(organizationId)).toEqual([])
      expect(await told(organizationId)).toEqual([{ type: 'SealingFailed' }, { type: 'SealingResumed' }])
      const { size } = await sealNow(services, organizationId)
      await seal(organizationId, 0)
      expect(await sealNow(services, organizationId)).toMatchObject({ size })
    },
  )

  test('because the log was rewritten raises its alert at once', async () => {
    const log = await newLog()
    const { organizationId } = log
    await seal(organizationId, 0)
    await grow(ledger, organizationId, 1)
    await rewrite(
      'ledger.events',
      `update ledger.events set leaf_hash = sha256('other') where organization_id = '${organizationId}' and position = 0`,
    )
    expect(await errorOf(seal(organizationId, 0))).toBeInstanceOf(LogRewritten)
    const cause = { kind: 'sealing_failed', obstacle: 'log_rewritten' }
    expect(await openAlerts(organizationId)).toMatchObject([{ cause }])
  })
})

describe('a log of 70,000 events', async () => {
  const log = await newLog()
  const { organizationId } = log
  let statements = 0
  const counting = db.connect('app', {
    onStatement: () => {
      statements += 1
    },
  })
  afterAll(() => counting.close())

  const sizes = [1, 255, 256, 257, 1_000, 65_535, 65_536, 65_537, 65_793, 70_000]

  test('is sealed in tiles over two levels, each the root of the ones below', async () => {
    await grow(ledger, organizationId, 40_000)
    await sealNow(services, organizationId)
    // The first event and the adopted key are in it.
    await grow(ledger, organizationId, 29_998)
    expect(await sealNow(services, organizationId)).toMatchObject({ size: 70_000 })
    const tiles = await log.tiles()
    const leaves = await log.leafHashes()
    expect(tiles.map(({ level }) => level)).toEqual([...Array(273).fill(0), 1])
    for (const { level, index, hashes, root } of tiles) {
      const width = 256 ** level
      const below = Array.from({ length: 256 }, (_, entry) => {
        const from = (index * 256 + entry) * width
        return level === 0 ? (leaves[from] ?? Buffer.alloc(0)) : rootHash(leaves.slice(from, from + width))
      })
      expect(hashes.equals(Buffer.concat(below))).toBe(true)
      expect(root.equals(rootHash(below))).toBe(true)
    }
  }, 120_000)

  test.each(sizes)(
    'has at size %i the root and the proofs of its leaves, by a few statements',
    async size => {
      const leaves = (await log.leafHashes()).slice(0, size)
      const root = rootHash(leaves)
      const indexes = [0, 1, 254, 255, 256, size >> 1, 65_535, 65_536, size - 1].filter(index => index < size)
      for (const index of indexes) {
        statements = 0
        const proof = await counting.withOrganization(organizationId, transaction =>
          new LogTree(transaction, organizationId, size).inclusionProof(index),
        )
        // The tenant's setting, then at most two for a tile of each of the three levels, in each of two places.
        expect(statements).toBeLessThanOrEqual(13)
        const leafHash = leaves[index]
        expect(leafHash && verifyInclusion({ index, size, leafHash, proof, root })).toBe(true)
      }
      for (const firstSize of sizes.filter(first => first <= size)) {
        statements = 0
        const answer = await counting.withOrganization(organizationId, async transaction => {
          const tree = new LogTree(transaction, organizationId, size)
          return { proof: await tree.consistencyProof(firstSize), root: await tree.root() }
        })
        expect(statements).toBeLessThanOrEqual(19)
        expect(answer.root).toEqual(root)
        const firstRoot = rootHash(leaves.slice(0, firstSize))
        const claim = { firstSize, secondSize: size, firstRoot, secondRoot: root, proof: answer.proof }
        expect(verifyConsistency(claim)).toBe(true)
      }
    },
  )
})

describe('a log that somebody rewrote is sealed no further', () => {
  const errors: string[] = []
  const loud = { ...services, logger: pino({ level: 'error' }, { write: line => void errors.push(line) }) }

  test.each([
    [
      'a leaf that no tile holds yet',
      'update ledger.events set leaf_hash = sha256(leaf_hash) where position = 3',
    ],
    [
      'a leaf of the last stretch',
      'update ledger.events set leaf_hash = sha256(leaf_hash) where position = 4',
    ],
  ])('%s', async (_, statement) => {
    const log = await newLog()
    const { organizationId } = log
    await grow(ledger, organizationId, 4)
    const sealed = await sealNow(services, organizationId)
    await grow(ledger, organizationId, 1)
    await rewrite('ledger.events', `${statement} and organization_id = '${organizationId}'`)
    errors.length = 0
    const asked = kms.requests.filter(name => name === 'Sign').length
    await expect(sealNow(loud, organizationId)).rejects.toThrow(LogRewritten)
    expect(errors.join()).toContain('a log was rewritten')
    expect(kms.requests.filter(name => name === 'Sign')).toHaveLength(asked)
    expect(await log.checkpoints()).toMatchObject([sealed])
  })

  test('a log that was cut off', async () => {
    const { organizationId } = await newLog()
    await grow(ledger, organizationId, 4)
    await sealNow(services, organizationId)
    const own = `organization_id = '${organizationId}'`
    await rewrite('ledger.events', `delete from ledger.events where position > 3 and ${own}`)
    await rewrite('ledger.head', `update ledger.head set size = 4 where ${own}`)
    await expect(sealNow(loud, organizationId)).rejects.toThrow(LogRewritten)
  })

  test('a tile that was put there before its time', async () => {
    const { organizationId } = await newLog()
    await admin`
      insert into ledger.tile (organization_id, level, index, hashes, root)
      values (${organizationId}, 0, 0, ${Buffer.alloc(8192)}, ${Buffer.alloc(32)})`
    await sealNow(services, organizationId)
    await grow(ledger, organizationId, 300)
    await expect(sealNow(loud, organizationId)).rejects.toThrow(LogRewritten)
  })

  test('a checkpoint of another root', async () => {
    const { organizationId } = await newLog()
    await sealNow(services, organizationId)
    const [key] = await keysOf(organizationId)
    await grow(ledger, organizationId, 2)
    await admin`
      insert into ledger.checkpoint (organization_id, size, root, note, key_id, signed_at)
      values (${organizationId}, 3, ${Buffer.alloc(32)}, '', ${key?.keyId ?? ''}, now())`
    await expect(sealNow(loud, organizationId)).rejects.toThrow(LogRewritten)
  })
})

describe('when it runs', () => {
  test('a command that appended asks for one seal, a minute later; one that appended nothing asks for none', async () => {
    const { organizationId } = await newLog()
    seals.length = 0
    await ledger.command(organizationId, actor, async unit => {
      await appendTo(unit, randomUUID())
      await appendTo(unit, randomUUID())
    })
    expect(seals).toEqual([
      { name: 'seal', payload: { organizationId }, startAfter: new Date(clock.now().getTime() + 60_000) },
    ])
    await ledger.command(organizationId, actor, async () => undefined)
    await errorOf(
      ledger.command(organizationId, actor, async unit => {
        await appendTo(unit, randomUUID())
        throw new Error('taken back')
      }),
    )
    expect(seals).toHaveLength(1)
  })

  test('the sweep asks for the seal of a log that its checkpoint does not cover, and of no other', async () => {
    const { id: userId } = await services.auth.createVerifiedUser({
      name: 'Ada Owner',
      email: `${randomUUID()}@example.com`,
      password: randomUUID(),
    })
    const { organizationId } = await registerOrganization(services, { userId, name: 'Quay', simulated: true })
    const asked = async () => {
      seals.length = 0
      await sweepOverdue(services)
      return seals.filter(
        ({ payload }) => 'organizationId' in payload && payload.organizationId === organizationId,
      )
    }
    expect(await asked()).toEqual([{ name: 'seal', payload: { organizationId }, startAfter: null }])
    await sealNow(services, organizationId)
    expect(await asked()).toEqual([])
  })
})

test('the key’s row says what its event says', async () => {
  const { organizationId } = await newLog()
  await sealNow(services, organizationId)
  const [row] = await database.withOrganization(organizationId, transaction =>
    transaction.select().from(logKey).where(eq(logKey.organizationId, organizationId)),
  )
  const [adopted] = await adoptions(organizationId)
  expect(JSON.parse(adopted?.payload ?? '')).toEqual({
    algorithm: row?.algorithm,
    keyId: row?.keyId,
    origin: row?.origin,
    publicKey: row?.publicKey.toString('base64'),
  })
  expect(row).toMatchObject({ kmsKeyId: kms.signingKeyId, position: adopted?.position })
})
