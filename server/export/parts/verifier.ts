import { sha256Hex } from '../../ledger/canonical.ts'
import type { Part } from '../part.ts'
import { readmeText } from '../readme.ts'
import { readVerifier } from '../verifier-file.ts'

/** How to verify the archive, and what with. */
export const verifierPart: Part = {
  name: 'verifier',
  async write({ services, scope, log, add }) {
    const verifier = await readVerifier(services.verifierFile)
    await add({ path: 'README.txt', content: readmeText(scope, log, sha256Hex(verifier)) })
    await add({ path: 'verify.mjs', content: verifier })
  },
}
