import postgres from 'postgres'
import { Database } from '../../db/client.ts'
import { type EmbeddedServer, prepareDatabase } from '../../db/embedded.ts'
import { cloneTemplate, templateDatabase } from '../support/clone.ts'
import { startTemporaryServer } from '../support/temporary-server.ts'
import type { BenchContext, BenchDatabase } from './bench.ts'

export interface BenchServer {
  embedded: EmbeddedServer
  createDatabase(defer: BenchContext['defer']): Promise<BenchDatabase>
}

/** Starts the run's PostgreSQL as `npm start` does, in a folder that is gone with it. */
export async function startBenchServer(): Promise<BenchServer> {
  const embedded = await startTemporaryServer('bench', { throwaway: false })
  try {
    await prepareDatabase(embedded, templateDatabase)
  } catch (error) {
    await embedded.stop()
    throw error
  }
  return { embedded, createDatabase: defer => createDatabase(embedded, defer) }
}

async function createDatabase(server: EmbeddedServer, defer: BenchContext['defer']): Promise<BenchDatabase> {
  const { name, drop } = await cloneTemplate(server.url('admin', 'postgres'))
  defer(drop)
  const url: BenchDatabase['url'] = role => server.url(role, name)
  return {
    name,
    url,
    connect(options) {
      const database = new Database(url('app'), options)
      defer(() => database.close())
      return database
    },
    connectPlain(options = {}) {
      const client = postgres(url('admin'), { ...options, onnotice: () => undefined })
      defer(() => client.end({ timeout: 5 }))
      return client
    },
  }
}
