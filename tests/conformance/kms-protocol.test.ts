import { createPublicKey, randomUUID, verify } from 'node:crypto'
import { CreateKeyCommand, type CreateKeyCommandInput, KMSClient } from '@aws-sdk/client-kms'
import { afterAll, describe, expect, test } from 'vitest'
import { startKms } from '../../sandbox/kms/start-kms.ts'
import { systemClock } from '../../server/clock.ts'
import { createKms } from '../../server/vault/kms.ts'
import { createKmsSigner } from '../../server/vault/kms-signer.ts'

/*
 * What the product asks of a key service, in AWS KMS's own protocol: of the stand-in always, and of any other server
 * whose address is in ATTESTRY_KMS_ORIGIN, unchanged.
 */

interface Server {
  origin: string
  keys: { wrapping: string; other: string; signing: string }
}

const access = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
const standIn = await startKms({
  keys: [
    { alias: 'wrapping', spec: 'SYMMETRIC_DEFAULT' },
    { alias: 'other', spec: 'SYMMETRIC_DEFAULT' },
    { alias: 'signing', spec: 'ECC_NIST_P256' },
  ],
})
afterAll(() => standIn.stop())
const own: Server = {
  origin: standIn.origin,
  keys: { wrapping: 'alias/wrapping', other: 'alias/other', signing: 'alias/signing' },
}
const independent = process.env.ATTESTRY_KMS_ORIGIN

describe('the stand-in', () => speaksKms(async () => own))
describe.skipIf(!independent)('an independent server (ATTESTRY_KMS_ORIGIN names none: skipped)', () =>
  speaksKms(() => withFreshKeys(independent ?? '')),
)

function speaksKms(server: () => Promise<Server>) {
  const context = { organizationId: randomUUID(), purpose: 'credentials', keyVersion: '1' }
  const connect = async () => {
    const { origin, keys } = await server()
    return { keys, kms: createKms({ ...access, endpoint: origin, maxAttempts: 1 }) }
  }

  test('wraps a data key for its context, and for no other', async () => {
    const { kms, keys } = await connect()
    const { plaintext, wrapped } = await kms.generateDataKey(keys.wrapping, context)
    expect(plaintext).toHaveLength(32)
    expect(await kms.decrypt(keys.wrapping, wrapped, context)).toEqual(plaintext)
    const foreign = { ...context, organizationId: randomUUID() }
    await expect(kms.decrypt(keys.wrapping, wrapped, foreign)).rejects.toMatchObject({
      code: 'internal',
      details: { reason: 'InvalidCiphertextException' },
    })
    await expect(kms.decrypt(keys.other, wrapped, context)).rejects.toMatchObject({
      details: { reason: 'IncorrectKeyException' },
    })
  })

  test('wraps it anew under another key, and its context stays', async () => {
    const { kms, keys } = await connect()
    const { plaintext, wrapped } = await kms.generateDataKey(keys.wrapping, context)
    const moved = await kms.reEncrypt({ from: keys.wrapping, to: keys.other, wrapped, context })
    expect(await kms.decrypt(keys.other, moved, context)).toEqual(plaintext)
  })

  test('signs a checkpoint with ECDSA P-256, which its public key verifies', async () => {
    const { kms, keys } = await connect()
    const signer = createKmsSigner({ kms, kmsKeyId: keys.signing, clock: systemClock })
    const message = Buffer.from('example.com/ledger/1\n1\nAAAA\n')
    expect((await signer.key()).algorithm).toBe('ecdsa-p256')
    const signature = await signer.sign(message)
    const { spki } = await kms.publicKey(keys.signing)
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' })
    expect(verify('sha256', message, publicKey, signature)).toBe(true)
  })

  test('says of a key that it does not know, and of one that is of the wrong kind, what they are', async () => {
    const { kms, keys } = await connect()
    await expect(kms.check(randomUUID())).rejects.toMatchObject({ details: { reason: 'NotFoundException' } })
    await expect(kms.generateDataKey(keys.signing, context)).rejects.toMatchObject({
      details: { reason: 'InvalidKeyUsageException' },
    })
    await expect(kms.check(keys.wrapping)).resolves.toBeUndefined()
  })
}

async function withFreshKeys(origin: string): Promise<Server> {
  const client = new KMSClient({ ...access, endpoint: origin })
  const create = async (input: CreateKeyCommandInput) =>
    (await client.send(new CreateKeyCommand(input))).KeyMetadata?.KeyId ?? ''
  const keys = {
    wrapping: await create({ KeySpec: 'SYMMETRIC_DEFAULT' }),
    other: await create({ KeySpec: 'SYMMETRIC_DEFAULT' }),
    signing: await create({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
  }
  client.destroy()
  return { origin, keys }
}
