import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** The code that an authenticator app shows (RFC 6238), `ahead` steps of 30 seconds from now. */
export function totp(key: string, ahead = 0): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead))
  const mac = createHmac('sha1', fromBase32(key)).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 15
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

function fromBase32(key: string): Buffer {
  const letters = key.replace(/[^A-Z2-7]/g, '')
  const bits = [...letters]
    .map(letter => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2)))
}

/** How a ceremony of a {@link softAuthenticator} differs from a right one. */
export interface Ceremony {
  origin?: string
  /** Whether it asked who is there. */
  isVerified?: boolean
  counter?: number
}

/** An authenticator in software: one ES256 key for one site. */
export function softAuthenticator(site: { rpId: string; origin: string }) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(16)
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const clientData = (type: string, challenge: unknown, origin = site.origin) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
  const authenticatorData = ({ isVerified = true, counter = 0 }: Ceremony, attested?: Buffer) => {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter)
    const flags = 1 | (isVerified ? 4 : 0) | (attested ? 64 : 0)
    const site256 = createHash('sha256').update(site.rpId).digest()
    return Buffer.concat([site256, Buffer.of(flags), count, attested ?? Buffer.alloc(0)])
  }
  const frame = { id: id.toString('base64url'), rawId: id.toString('base64url'), type: 'public-key' }
  return {
    register(challenge: unknown, ceremony: Ceremony = {}): string {
      // COSE: kty EC2, alg ES256, crv P-256, x, y.
      const key = Buffer.concat([
        Buffer.from('a5010203262001215820', 'hex'),
        Buffer.from(x, 'base64url'),
        Buffer.from('225820', 'hex'),
        Buffer.from(y, 'base64url'),
      ])
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.of(0, id.length), id, key])
      const data = authenticatorData(ceremony, attested)
      // CBOR: { fmt: 'none', attStmt: {}, authData }.
      const attestation = Buffer.concat([
        Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex'),
        Buffer.of(data.length),
        data,
      ])
      return JSON.stringify({
        ...frame,
        response: {
          clientDataJSON: clientData('webauthn.create', challenge, ceremony.origin).toString('base64url'),
          attestationObject: attestation.toString('base64url'),
          transports: ['internal'],
        },
        clientExtensionResults: {},
      })
    },
    sign(challenge: unknown, ceremony: Ceremony = {}): string {
      const data = authenticatorData(ceremony)
      const client = clientData('webauthn.get', challenge, ceremony.origin)
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
      return JSON.stringify({
        ...frame,
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: sign('sha256', signed, privateKey).toString('base64url'),
        },
        clientExtensionResults: {},
      })
    },
  }
}
