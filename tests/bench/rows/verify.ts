import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFile } from '../../../server/verifier/byte-source.ts'
import { openContainer } from '../../../server/verifier/container.ts'
import { inflate } from '../../../server/verifier/inflate.ts'
import { exitCodeOf } from '../../../server/verifier/report.ts'
import { verifyArchive } from '../../../server/verifier/verify-archive.ts'
import type { Bench } from '../bench.ts'
import { exportingOrganization } from '../export/exporting-organization.ts'
import { secondsOf } from '../timing.ts'

export const verify: Bench<'verifier' | 'SHA-256 twice'> = {
  name: 'verify',
  measures: 'offline verification of an archive',
  unit: 's',
  subject: 'verifier',
  comparisons: [{ baseline: 'SHA-256 twice', goal: 3.5, direction: 'at most' }],
  rounds: 3,
  warmUp: 0,
  size: { of: 'events', usual: 1_000_000, growth: [1_000, 10_000, 100_000, 1_000_000] },
  async setUp(context) {
    const folder = await mkdtemp(join(tmpdir(), 'attestry-verify-'))
    context.defer(() => rm(folder, { recursive: true, force: true }))
    const path = join(folder, 'archive.zip')
    const organization = await exportingOrganization(context)
    await organization.build()
    await organization.save(path)
    return {
      verifier: () => secondsOf(() => verifyFile(path)),
      'SHA-256 twice': () => secondsOf(() => hashContentsTwice(path)),
    }
  },
}

async function verifyFile(path: string): Promise<void> {
  const source = openFile(path)
  try {
    const report = await verifyArchive(source, { keys: [], checkpoints: [], instants: [] })
    if (exitCodeOf(report) !== 0) throw new Error('an archive that was just made does not hold')
  } finally {
    source.close()
  }
}

/** Reads every file as the verifier does, what is compressed inflated, and hashes what is in it two times. */
async function hashContentsTwice(path: string): Promise<void> {
  const source = openFile(path)
  try {
    const container = openContainer(source)
    for (const file of container.files) {
      const [one, other] = [createHash('sha256'), createHash('sha256')]
      const pieces = file.path.endsWith('.gz')
        ? inflate(container, file.path)
        : container.pieces(file.path, 0, file.size)
      for await (const piece of pieces) {
        one.update(piece)
        other.update(piece)
      }
      one.digest()
      other.digest()
    }
  } finally {
    source.close()
  }
}
