import type { ByteSource } from '../../server/verifier/byte-source.ts'
import { exitCodeOf, type Report, type StepName, type StepResult } from '../../server/verifier/report.ts'
import { type VerifyOptions, verifyArchive } from '../../server/verifier/verify-archive.ts'

/** Bytes as the verifier reads a file’s. */
export const sourceOf = (bytes: Buffer): ByteSource => ({
  size: bytes.length,
  read: (offset, length) => Buffer.from(bytes.subarray(offset, offset + length)),
})

export const verify = (bytes: Buffer, options: Partial<VerifyOptions> = {}): Promise<Report> =>
  verifyArchive(sourceOf(bytes), { keys: [], checkpoints: [], instants: [], ...options })

/** What the verifier found, in short: its exit code, the first step that did not hold, and all that did not. */
export interface Finding {
  exitCode: 0 | 1 | 2
  first: StepName | null
  words: string
  place: StepResult['place']
  failed: StepName[]
}

export function findingOf(report: Report): Finding {
  const failed = report.steps.filter(({ status }) => status === 'fails')
  const first = failed[0] ?? report.steps.find(({ status }) => status === 'unchecked')
  return {
    exitCode: exitCodeOf(report),
    first: first?.step ?? null,
    words: first?.words ?? '',
    place: first?.place ?? {},
    failed: failed.map(({ step }) => step),
  }
}
