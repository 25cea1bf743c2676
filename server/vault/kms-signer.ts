import type { Clock } from '../clock.ts'
import type { LogSigner, SignerKey } from '../ledger/log-signer.ts'
import { publicKeyOf } from '../ledger/verifier-key.ts'
import type { Kms } from './kms.ts'

/** An alias may come to mean another key: the public half is asked for anew after this long. */
const keyLifetime = 10 * 60_000

/** Signs by a key that never leaves KMS. */
export function createKmsSigner({
  kms,
  kmsKeyId,
  clock,
}: {
  kms: Pick<Kms, 'publicKey' | 'sign'>
  kmsKeyId: string
  clock: Clock
}): LogSigner {
  let known: { key: SignerKey; until: number } | null = null

  async function key(): Promise<SignerKey> {
    const now = clock.now().getTime()
    if (known && now < known.until) return known.key
    const { algorithm, spki } = await kms.publicKey(kmsKeyId)
    const fresh = { algorithm, publicKey: publicKeyOf(algorithm, spki), kmsKeyId }
    known = { key: fresh, until: now + keyLifetime }
    return fresh
  }

  return { key, sign: async message => kms.sign(kmsKeyId, (await key()).algorithm, message) }
}
