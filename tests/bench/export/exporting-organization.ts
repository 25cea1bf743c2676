import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { startKms } from '../../../sandbox/kms/start-kms.ts'
import { systemClock } from '../../../server/clock.ts'
import { archiveBytes } from '../../../server/export/archive-draft.ts'
import { requestExport } from '../../../server/export/request-export.ts'
import { newId } from '../../../server/ledger/ids.ts'
import { createLedger } from '../../../server/ledger/ledger.ts'
import { project } from '../../../server/projections/project.ts'
import { openOrganization } from '../../support/ledger.ts'
import { appendMany } from '../append/ledger.ts'
import type { BenchContext } from '../bench.ts'
import { buildInChild, type ChildAnswer } from './build-in-child.ts'

/** An organization of `size` events, and what exports it. */
export interface ExportingOrganization {
  /** Has a process of its own make the archive of the whole organization. */
  build(): Promise<ChildAnswer>
  /** Writes the archive that was made last. */
  save(path: string): Promise<void>
}

export async function exportingOrganization(context: BenchContext): Promise<ExportingOrganization> {
  const { size, signal, defer, say } = context
  const bench = await context.createDatabase()
  const database = bench.connect({ max: 2 })
  const kms = await startKms()
  defer(() => kms.stop())
  const ledger = createLedger({ database, clock: systemClock, project })
  const organizationId = await openOrganization(ledger, { simulated: false })
  say(`appending ${size} events`)
  await appendMany(database, organizationId, size)
  const services = {
    clock: systemClock,
    ledger,
    queue: { enqueue: async () => undefined, enqueueAll: async () => undefined },
  }
  let exportId = ''
  return {
    async build() {
      const access = {
        organizationId,
        slug: 'bench',
        name: 'Bench',
        simulated: false,
        isSecondFactorRequired: false,
        deletesAt: null,
        userId: newId(),
        role: 'owner',
        grant: null,
      } as const
      const requested = await requestExport(services, access, { kind: 'organization' })
      exportId = requested.exportId
      const task = {
        databaseUrl: bench.url('app'),
        kmsOrigin: kms.origin,
        signingKeyId: kms.signingKeyId,
        organizationId,
        exportId,
      }
      return buildInChild(task, signal)
    },
    async save(path) {
      const archive = archiveBytes(database, { organizationId, exportId })
      await pipeline(Readable.from(archive), createWriteStream(path))
    },
  }
}
