import { readFile } from 'node:fs/promises'
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
