import { AppError } from '../../errors.ts'
import { formatVerifierKey, publicKeyPem } from '../../ledger/verifier-key.ts'
import type { Part } from '../part.ts'

/** What everything in the archive is held to: the log's checkpoint, and the keys that sign for it. */
export const checkpointPart: Part = {
  name: 'checkpoint',
  async write({ log, add }) {
    await add({ path: 'checkpoint', content: log.note })
    await add({ path: 'keys.txt', content: log.keys.map(key => `${formatVerifierKey(key)}\n`).join('') })
    const byId = [...log.keys].sort((one, other) => (one.keyId < other.keyId ? -1 : 1))
    for (const key of byId) {
      const pem = publicKeyPem(key)
      if (pem === null) throw new AppError('internal', `the key ${key.keyId} is no key`)
      await add({ path: `keys/${key.keyId}.pem`, content: pem })
    }
  },
}
