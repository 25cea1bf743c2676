import { createPublicKey, randomUUID, verify } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { KeySpec } from '../../sandbox/kms/keys.ts'
import { startKms } from '../../sandbox/kms/start-kms.ts'
import { systemClock } from '../../server/clock.ts'
import { AppError } from '../../server/errors.ts'
import { createKms } from '../../server/vault/kms.ts'
import { createKmsSigner } from '../../server/vault/kms-signer.ts'
import { Secret } from '../../server/vault/secret.ts'
import { createVault } from '../../server/vault/vault.ts'
import { useDatabase } from '../support/database.ts'

/*
 * What the product asks of a key service, in AWS KMS's own protocol: of the stand-in always, and of any other server
 * whose address is in ATTESTRY_KMS_ORIGIN, unchanged. Which ones were asked: docs/decisions/174.
 */

/** A server, and what an administrator of it does. */
interface Server {
  origin: string
  createKey(spec: KeySpec): Promise<string>
  setEnabled(keyId: string, enabled: boolean): Promise<void>
}

const { database } = await useDatabase()
const access = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
const standIn = await startKms()
afterAll(() => standIn.stop())
const independent = process.env.ATTESTRY_KMS_ORIGIN

describe('the stand-in', () => {
  const server: Server = {
    origin: standIn.origin,
    createKey: async spec => standIn.createKey({ alias: randomUUID(), spec }).id,
    setEnabled: async (keyId, enabled) => standIn.setEnabled(keyId, enabled),
  }
  speaksKms(server)
  refusesAsAwsDoes(server)
})
describe.skipIf(!independent)('an independent server (ATTESTRY_KMS_ORIGIN names none: skipped)', () =>
  speaksKms(administered(independent ?? '')),
)

test('access that is refused in another format than the service’s is told as refused', async () => {
  // As a gateway does, and moto where it checks rights.
  const gateway = createServer((_, response) => void response.writeHead(403).end('<Error/>'))
  await once(gateway.listen(0, '127.0.0.1'), 'listening')
  const kms = createKms({ ...access, endpoint: originOf(gateway), maxAttempts: 1 })
  await expect(kms.check('any')).rejects.toMatchObject({
    code: 'unavailable',
    userMessage: expect.stringContaining('refuses us access'),
  })
  kms.close()
  gateway.close()
})

const originOf = (server: HttpServer) => {
  const address = server.address()
  return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : ''
}

const context = { organizationId: randomUUID(), purpose: 'credentials', keyVersion: '1' }

function speaksKms(server: Server) {
  const kms = createKms({ ...access, endpoint: server.origin, maxAttempts: 1 })
  const keys = { wrapping: '', other: '' }
  beforeAll(async () => {
    keys.wrapping = await server.createKey('SYMMETRIC_DEFAULT')
    keys.other = await server.createKey('SYMMETRIC_DEFAULT')
  })
  afterAll(() => kms.close())

  test('wraps a data key for its context, and for no other', async () => {
    const { plaintext, wrapped } = await kms.generateDataKey(keys.wrapping, context)
    expect(plaintext).toHaveLength(32)
    expect(await kms.decrypt(keys.wrapping, wrapped, context)).toEqual(plaintext)
    const foreign = { ...context, organizationId: randomUUID() }
    await expect(kms.decrypt(keys.wrapping, wrapped, foreign)).rejects.toMatchObject({
      code: 'internal',
      details: { reason: 'InvalidCiphertextException' },
    })
    await expect(kms.decrypt(keys.other, wrapped, context)).rejects.toBeInstanceOf(AppError)
  })

  test('wraps it anew under another key, and its context stays', async () => {
    const { plaintext, wrapped } = await kms.generateDataKey(keys.wrapping, context)
    const moved = await kms.reEncrypt({ from: keys.wrapping, to: keys.other, wrapped, context })
    expect(await kms.decrypt(keys.other, moved, context)).toEqual(plaintext)
  })

  test('serves a vault: sealed, opened by another process, rotated, and wrapped by another key', async () => {
    const organizationId = randomUUID()
    const place = { organizationId, record: 'connection/1', field: 'client_secret' }
    const vault = (kmsKeyId: string) => createVault({ kms, kmsKeyId, clock: systemClock })
    const secret = new Secret('päss✓word')
    const former = vault(keys.wrapping)
    const [first, second] = await database.withOrganization(organizationId, async transaction => {
      const first = await former.seal(transaction, place, secret)
      await former.tryWrappingKey(transaction, organizationId, keys.other)
      await former.addKey(transaction, organizationId, 2)
      return [first, await former.reseal(transaction, place, first)]
    })
    const moved = await database.withOrganization(organizationId, async transaction => {
      const later = vault(keys.other)
      const moves = [1, 2].map(version => later.rewrapKey(transaction, organizationId, version))
      return Promise.all(moves)
    })
    expect(moved).toEqual([1, 2].map(() => ({ kmsKeyId: keys.other, formerKmsKeyId: keys.wrapping })))
    await server.setEnabled(keys.wrapping, false)
    for (const sealed of [first, second]) {
      const opened = database.withOrganization(organizationId, async transaction =>
        (await vault(keys.other).open(transaction, place, sealed)).reveal(),
      )
      expect(await opened).toBe(secret.reveal())
    }
    await server.setEnabled(keys.wrapping, true)
  })

  test.for([
    ['ECDSA P-256', 'ECC_NIST_P256', 'ecdsa-p256', 'sha256'],
    ['Ed25519', 'ECC_NIST_EDWARDS25519', 'ed25519', null],
  ] as const)(
    'signs a checkpoint with %s, which its public key verifies',
    async ([, spec, algorithm, hash], { skip }) => {
      const kmsKeyId = await server.createKey(spec).catch((error: Error) => {
        if (algorithm === 'ed25519' && error.name === 'ValidationException')
          return skip('the server has none')
        throw error
      })
      const signer = createKmsSigner({ kms, kmsKeyId, clock: systemClock })
      const message = Buffer.from('example.com/ledger/1\n1\nAAAA\n')
      expect((await signer.key()).algorithm).toBe(algorithm)
      const signature = await signer.sign(message)
      const { spki } = await kms.publicKey(kmsKeyId)
      const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' })
      expect(verify(hash, message, publicKey, signature)).toBe(true)
    },
  )

  test('says of a key that it does not know that it is missing', async () => {
    await expect(kms.check(randomUUID())).rejects.toMatchObject({
      code: 'unavailable',
      userMessage: expect.stringContaining('missing or disabled'),
    })
    await expect(kms.check(keys.wrapping)).resolves.toBeUndefined()
  })
}

/** What moto, made for tests, lets pass, or calls otherwise. */
function refusesAsAwsDoes(server: Server) {
  const kms = createKms({ ...access, endpoint: server.origin, maxAttempts: 1 })
  afterAll(() => kms.close())

  test('a key of the wrong kind wraps and signs nothing', async () => {
    const [symmetric, signing] = [
      await server.createKey('SYMMETRIC_DEFAULT'),
      await server.createKey('ECC_NIST_P256'),
    ]
    const unfit = { code: 'unavailable', userMessage: expect.stringContaining('of the wrong kind') }
    await expect(kms.generateDataKey(signing, context)).rejects.toMatchObject(unfit)
    await expect(kms.publicKey(symmetric)).rejects.toMatchObject(unfit)
  })

  test('a wrapped key is not taken for another key’s', async () => {
    const [one, other] = [
      await server.createKey('SYMMETRIC_DEFAULT'),
      await server.createKey('SYMMETRIC_DEFAULT'),
    ]
    const { wrapped } = await kms.generateDataKey(one, context)
    await expect(kms.decrypt(other, wrapped, context)).rejects.toMatchObject({
      code: 'internal',
      details: { reason: 'IncorrectKeyException' },
    })
  })

  test('a disabled key opens nothing, and all of it once it is enabled again', async () => {
    const keyId = await server.createKey('SYMMETRIC_DEFAULT')
    const { plaintext, wrapped } = await kms.generateDataKey(keyId, context)
    await server.setEnabled(keyId, false)
    const disabled = { code: 'unavailable', userMessage: expect.stringContaining('missing or disabled') }
    await expect(kms.decrypt(keyId, wrapped, context)).rejects.toMatchObject(disabled)
    await expect(kms.generateDataKey(keyId, context)).rejects.toMatchObject(disabled)
    await expect(kms.check(keyId)).rejects.toMatchObject(disabled)
    await server.setEnabled(keyId, true)
    expect(await kms.decrypt(keyId, wrapped, context)).toEqual(plaintext)
  })
}

/** By the protocol's own calls. */
function administered(origin: string): Server {
  const client = new KMSClient({ ...access, endpoint: origin })
  afterAll(() => client.destroy())
  return {
    origin,
    async createKey(spec) {
      const usage: Partial<CreateKeyCommandInput> =
        spec === 'SYMMETRIC_DEFAULT' ? {} : { KeyUsage: 'SIGN_VERIFY' }
      const { KeyMetadata } = await client.send(new CreateKeyCommand({ KeySpec: spec, ...usage }))
      if (!KeyMetadata?.KeyId) throw new Error('the answer names no key')
      return KeyMetadata.KeyId
    },
    async setEnabled(keyId, enabled) {
      const input = { KeyId: keyId }
      await client.send(enabled ? new EnableKeyCommand(input) : new DisableKeyCommand(input))
    },
  }
}
