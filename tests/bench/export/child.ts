import { pino } from 'pino'
import { Database } from '../../../db/client.ts'
import { systemClock } from '../../../server/clock.ts'
import { createEntraConnector } from '../../../server/connectors/entra/connector.ts'
import { createConnectorRegistry } from '../../../server/connectors/registry.ts'
import { archiveBytes } from '../../../server/export/archive-draft.ts'
import { buildArchive } from '../../../server/export/build-archive.ts'
import type { ExportServices } from '../../../server/export/part.ts'
import { createLedger } from '../../../server/ledger/ledger.ts'
import { project } from '../../../server/projections/project.ts'
import { createKms } from '../../../server/vault/kms.ts'
import { createKmsSigner } from '../../../server/vault/kms-signer.ts'

export interface ChildTask {
  databaseUrl: string
  kmsOrigin: string
  signingKeyId: string
  organizationId: string
  exportId: string
}

const task: ChildTask = JSON.parse(process.argv[2] ?? '{}')
const { organizationId, exportId } = task
const services = compose()
const before = process.memoryUsage.rss()
let peak = before
const timer = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss())
}, 10)
const startedAt = performance.now()
const result = await buildArchive(services, { organizationId, exportId }, new AbortController().signal)
const seconds = (performance.now() - startedAt) / 1000
clearInterval(timer)
if (result !== 'ready') throw new Error(`the export ended ${result}`)
let bytes = 0
for await (const piece of archiveBytes(services.database, { organizationId, exportId })) bytes += piece.length
process.send?.({ peak, before, seconds, archiveBytes: bytes })
await services.database.close()
process.disconnect()

function compose(): ExportServices {
  const database = new Database(task.databaseUrl)
  const logger = pino({ level: 'silent' })
  const kms = createKms({
    endpoint: task.kmsOrigin,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  })
  const nowhere = 'http://127.0.0.1:9'
  return {
    appOrigin: 'http://localhost:3000',
    database,
    ledger: createLedger({ database, clock: systemClock, project }),
    signer: createKmsSigner({ kms, kmsKeyId: task.signingKeyId, clock: systemClock }),
    connectors: createConnectorRegistry([
      createEntraConnector({ loginOrigin: nowhere, graphOrigin: nowhere, collectorVersion: 'bench', logger }),
    ]),
    logger,
    // Its size is what counts here.
    verifierFile: import.meta.filename,
  }
}
