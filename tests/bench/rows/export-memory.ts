import { startKms } from '../../../sandbox/kms/start-kms.ts'
import { systemClock } from '../../../server/clock.ts'
import { requestExport } from '../../../server/export/request-export.ts'
import { newId } from '../../../server/ledger/ids.ts'
import { createLedger } from '../../../server/ledger/ledger.ts'
import { project } from '../../../server/projections/project.ts'
import { openOrganization } from '../../support/ledger.ts'
import { appendMany } from '../append/ledger.ts'
import type { Bench } from '../bench.ts'
import { buildInChild } from '../export/build-in-child.ts'

const megabyte = 1_000_000

export const exportMemory: Bench<'export'> = {
  name: 'export-memory',
  measures: 'growth of the resident memory of a process that makes the archive of a whole organization',
  unit: 'MB',
  subject: 'export',
  comparisons: [{ baseline: null, goal: 200, direction: 'at most' }],
  rounds: 1,
  warmUp: 0,
  size: { of: 'events', usual: 1_000_000, growth: [1_000, 10_000, 100_000, 1_000_000] },
  async setUp({ createDatabase, size, signal, defer, say }) {
    const database = await createDatabase()
    const connection = database.connect({ max: 2 })
    const kms = await startKms()
    defer(() => kms.stop())
    const ledger = createLedger({ database: connection, clock: systemClock, project })
    const organizationId = await openOrganization(ledger, { simulated: false })
    await appendMany(connection, organizationId, size)
    return {
      async export() {
        const access = {
          organizationId,
          slug: 'bench',
          name: 'Bench',
          simulated: false,
          userId: newId(),
          role: 'owner',
          grant: null,
        } as const
        const services = { clock: systemClock, ledger, queue: { enqueue: async () => undefined } }
        const { exportId } = await requestExport(services, access, { kind: 'organization' })
        const task = {
          databaseUrl: database.url('app'),
          kmsOrigin: kms.origin,
          signingKeyId: kms.signingKeyId,
          organizationId,
          exportId,
        }
        const { peak, before, seconds, archiveBytes } = await buildInChild(task, signal)
        const made = `${Math.round(archiveBytes / megabyte)} MB in ${seconds.toFixed(1)} s`
        say(`${made}, at most ${Math.round(peak / megabyte)} MB resident`)
        return (peak - before) / megabyte
      },
    }
  },
}
