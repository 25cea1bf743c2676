import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  randomUUID,
} from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

export type KeySpec = 'SYMMETRIC_DEFAULT' | 'ECC_NIST_EDWARDS25519' | 'ECC_NIST_P256'

export interface KeyRequest {
  /** Name after `alias/`. */
  alias: string
  spec: KeySpec
}

export interface KmsKey {
  id: string
  arn: string
  alias: string
  spec: KeySpec
  createdAt: Date
  enabled: boolean
  /** 32 bytes of a symmetric key. */
  secret: Buffer
  /** Null for symmetric keys. */
  pair: { privateKey: KeyObject; publicKey: KeyObject } | null
}

export interface KeyStore {
  create(request: KeyRequest): KmsKey
  /** By key id, ARN, alias or alias ARN. */
  find(name: string): KmsKey | undefined
  setEnabled(name: string, enabled: boolean): void
  all(): KmsKey[]
}

const arnPrefix = 'arn:aws:kms:us-east-1:000000000000:'

/** Opens the keys in the file (or in memory), and makes those that were asked for and are missing. */
export function openKeys(requests: KeyRequest[], statePath?: string): KeyStore {
  const keys: KmsKey[] = statePath && existsSync(statePath) ? readKeys(statePath) : []
  const save = () => {
    if (statePath) writeKeys(statePath, keys)
  }
  const store: KeyStore = {
    create(request) {
      const id = randomUUID()
      const key = {
        ...request,
        id,
        arn: `${arnPrefix}key/${id}`,
        createdAt: new Date(),
        enabled: true,
        secret: request.spec === 'SYMMETRIC_DEFAULT' ? randomBytes(32) : Buffer.alloc(0),
        pair: makePair(request.spec),
      }
      keys.push(key)
      save()
      return key
    },
    find: name => {
      const bare = name.startsWith(arnPrefix) ? name.slice(arnPrefix.length) : name
      return keys.find(key => key.id === bare || `key/${key.id}` === bare || `alias/${key.alias}` === bare)
    },
    setEnabled(name, enabled) {
      const key = store.find(name)
      if (!key) throw new Error(`No key ${name}`)
      key.enabled = enabled
      save()
    },
    all: () => keys,
  }
  for (const request of requests) if (!store.find(`alias/${request.alias}`)) store.create(request)
  return store
}

function makePair(spec: KeySpec): KmsKey['pair'] {
  if (spec === 'ECC_NIST_EDWARDS25519') return generateKeyPairSync('ed25519')
  if (spec === 'ECC_NIST_P256') return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return null
}

interface StoredKey {
  id: string
  alias: string
  spec: KeySpec
  createdAt: string
  enabled: boolean
  secret: string
  privateKey: string | null
}

function readKeys(path: string): KmsKey[] {
  // Written by this module alone.
  const stored = JSON.parse(readFileSync(path, 'utf8')) as StoredKey[]
  return stored.map(({ privateKey, ...key }) => ({
    ...key,
    arn: `${arnPrefix}key/${key.id}`,
    createdAt: new Date(key.createdAt),
    secret: Buffer.from(key.secret, 'base64'),
    pair: privateKey
      ? { privateKey: createPrivateKey(privateKey), publicKey: createPublicKey(privateKey) }
      : null,
  }))
}

function writeKeys(path: string, keys: KmsKey[]): void {
  const stored: StoredKey[] = keys.map(key => ({
    id: key.id,
    alias: key.alias,
    spec: key.spec,
    createdAt: key.createdAt.toISOString(),
    enabled: key.enabled,
    secret: key.secret.toString('base64'),
    privateKey: key.pair?.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() ?? null,
  }))
  writeFileSync(`${path}.new`, JSON.stringify(stored), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
