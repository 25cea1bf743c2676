import { readFile } from 'node:fs/promises'
import { sha256Hex } from '../ledger/canonical.ts'
import { ExportRefused } from './export-refused.ts'

/** The verifier as it goes into every archive: one file, plain Node. @throws {ExportRefused} where it was not built */
export async function readVerifier(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    throw new ExportRefused(
      'verifier_missing',
      'This installation was not built completely: the verifier that every archive holds is missing. Whoever runs it has to run “npm run build”; then ask for the export again.',
    )
  }
}

/** SHA-256 of the verifier that this server ships; null where it was not built, so that nothing is said of it. */
export async function verifierSha256(file: string): Promise<string | null> {
  try {
    return sha256Hex(await readVerifier(file))
  } catch (error) {
    if (error instanceof ExportRefused) return null
    throw error
  }
}
