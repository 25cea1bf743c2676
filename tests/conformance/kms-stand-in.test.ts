import { createPublicKey, verify } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  ReEncryptCommand,
  SignCommand,
} from '@aws-sdk/client-kms'
import { afterEach, expect, test } from 'vitest'
import { type KmsStandIn, type StartKmsOptions, startKms } from '../../sandbox/kms/start-kms.ts'

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(options: StartKmsOptions = {}): Promise<{ kms: KmsStandIn; client: KMSClient }> {
  const kms = await startKms(options)
  const client = new KMSClient({
    endpoint: kms.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  })
  cleanups.push(
    () => kms.stop(),
    () => client.destroy(),
  )
  return { kms, client }
}

const context = { organizationId: 'o-1', purpose: 'credentials' }

test('a data key comes in clear and wrapped, and unwraps under the same context alone', async () => {
  const { kms, client } = await start()
  const made = await client.send(
    new GenerateDataKeyCommand({ KeyId: kms.keyId, KeySpec: 'AES_256', EncryptionContext: context }),
  )
  expect(made.Plaintext).toHaveLength(32)
  const wrapped = made.CiphertextBlob
  const opened = await client.send(
    new DecryptCommand({ CiphertextBlob: wrapped, EncryptionContext: context }),
  )
  expect(Buffer.from(opened.Plaintext ?? [])).toEqual(Buffer.from(made.Plaintext ?? []))
  await expect(
    client.send(
      new DecryptCommand({
        CiphertextBlob: wrapped,
        EncryptionContext: { ...context, organizationId: 'o-2' },
      }),
    ),
  ).rejects.toMatchObject({ name: 'InvalidCiphertextException' })
  await expect(client.send(new DecryptCommand({ CiphertextBlob: wrapped }))).rejects.toMatchObject({
    name: 'InvalidCiphertextException',
  })
  await expect(
    client.send(new DecryptCommand({ CiphertextBlob: Buffer.from('nonsense'), EncryptionContext: context })),
  ).rejects.toMatchObject({ name: 'InvalidCiphertextException' })
})

test('re-encryption moves a ciphertext to another key', async () => {
  const { kms, client } = await start()
  const other = kms.createKey({ alias: 'customer', spec: 'SYMMETRIC_DEFAULT' })
  const sealed = await client.send(
    new EncryptCommand({
      KeyId: 'alias/attestry',
      Plaintext: Buffer.from('secret'),
      EncryptionContext: context,
    }),
  )
  const moved = await client.send(
    new ReEncryptCommand({
      CiphertextBlob: sealed.CiphertextBlob,
      SourceEncryptionContext: context,
      DestinationKeyId: other.arn,
      DestinationEncryptionContext: context,
    }),
  )
  expect(moved.KeyId).toBe(other.arn)
  const opened = await client.send(
    new DecryptCommand({ KeyId: other.id, CiphertextBlob: moved.CiphertextBlob, EncryptionContext: context }),
  )
  expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe('secret')
  await expect(
    client.send(
      new DecryptCommand({
        KeyId: kms.keyId,
        CiphertextBlob: moved.CiphertextBlob,
        EncryptionContext: context,
      }),
    ),
  ).rejects.toMatchObject({ name: 'IncorrectKeyException' })
})

test.each([
  ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512', null],
  ['ECC_NIST_P256', 'ECDSA_SHA_256', 'sha256'],
] as const)('a %s signature verifies with the published key', async (spec, algorithm, hash) => {
  const { kms, client } = await start({ keys: [{ alias: 'signing', spec }] })
  const message = Buffer.from('checkpoint')
  const signed = await client.send(
    new SignCommand({
      KeyId: kms.signingKeyId,
      Message: message,
      MessageType: 'RAW',
      SigningAlgorithm: algorithm,
    }),
  )
  const published = await client.send(new GetPublicKeyCommand({ KeyId: kms.signingKeyId }))
  expect(published.KeySpec).toBe(spec)
  const key = createPublicKey({ key: Buffer.from(published.PublicKey ?? []), format: 'der', type: 'spki' })
  expect(verify(hash, message, key, Buffer.from(signed.Signature ?? []))).toBe(true)
})

test('an unknown key is not found, and a disabled one refuses', async () => {
  const { kms, client } = await start()
  await expect(client.send(new DescribeKeyCommand({ KeyId: crypto.randomUUID() }))).rejects.toMatchObject({
    name: 'NotFoundException',
  })
  kms.setEnabled(kms.keyId, false)
  const described = await client.send(new DescribeKeyCommand({ KeyId: kms.keyId }))
  expect(described.KeyMetadata).toMatchObject({ KeyState: 'Disabled', KeySpec: 'SYMMETRIC_DEFAULT' })
  await expect(
    client.send(new GenerateDataKeyCommand({ KeyId: kms.keyId, KeySpec: 'AES_256' })),
  ).rejects.toMatchObject({ name: 'DisabledException' })
})

test('keys in a state file open old ciphertexts after a restart, and the file is private', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kms-'))
  cleanups.push(() => rmSync(folder, { recursive: true }))
  const statePath = join(folder, 'keys.json')
  const first = await start({ statePath })
  const sealed = await first.client.send(
    new EncryptCommand({
      KeyId: first.kms.keyId,
      Plaintext: Buffer.from('kept'),
      EncryptionContext: context,
    }),
  )
  const publicKey = await first.client.send(new GetPublicKeyCommand({ KeyId: first.kms.signingKeyId }))
  await first.kms.stop()
  const second = await start({ statePath })
  expect(second.kms.keyId).toBe(first.kms.keyId)
  const opened = await second.client.send(
    new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: context }),
  )
  expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe('kept')
  const again = await second.client.send(new GetPublicKeyCommand({ KeyId: second.kms.signingKeyId }))
  expect(again.PublicKey).toEqual(publicKey.PublicKey)
  expect(statSync(statePath).mode & 0o777).toBe(0o600)
})

test('faults hit the named operation as often as asked', async () => {
  const { kms, client } = await start()
  const describe = () => client.send(new DescribeKeyCommand({ KeyId: kms.keyId }))
  kms.fault({ kind: 'access-denied', operation: 'DescribeKey', times: 1 })
  await expect(describe()).rejects.toMatchObject({ name: 'AccessDeniedException' })
  kms.fault({ kind: 'down' })
  await expect(describe()).rejects.toThrow()
  kms.fault({ kind: 'unavailable', times: 1 })
  await expect(describe()).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } })
  kms.fault({ kind: 'slow', delayMs: 20, times: 1 })
  await expect(describe()).resolves.toMatchObject({ KeyMetadata: { KeyId: kms.keyId } })
})
