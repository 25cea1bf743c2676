import { connect, type Socket } from 'node:net'
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
      // Set apart: the driver's types do not know `socket`.
      const driverOptions = {
        ...options,
        onnotice: () => undefined,
        socket: () => connectWithoutDelay(server),
      }
      const client = postgres(url('admin'), driverOptions)
      defer(() => client.end({ timeout: 5 }))
      return client
    },
  }
}

/** COPY ends with a small message that would wait 40 ms for the server to acknowledge the rows before it. */
function connectWithoutDelay({ host, port }: EmbeddedServer): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}
