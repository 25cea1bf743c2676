import type { TestProject } from 'vitest/node'
import { prepareDatabase } from '../../db/embedded.ts'
import { templateDatabase } from './clone.ts'
import { type GivenServer, openGivenServer } from './given-server.ts'
import { startPooler } from './pooler.ts'
import { startTemporaryServer } from './temporary-server.ts'

/** Addresses of the run's PostgreSQL; `{database}` stands where a database's name goes. */
export interface ServerUrls {
  admin: string
  owner: string
  app: string
  retention: string
  backup: string
}

declare module 'vitest' {
  interface ProvidedContext {
    databaseServer: ServerUrls
    /** Where a cluster's workers are administered; empty on one PostgreSQL. */
    databaseWorkers: string[]
    /** The port of the PgBouncer in front of the server; null where the run has none. */
    databasePooler: number | null
  }
}

/**
 * Starts one PostgreSQL for the whole run and migrates the template; ends and removes it afterwards. With
 * ATTESTRY_TEST_DATABASE, the address of a server's administrator, that server is used; on a Citus coordinator the
 * template is distributed. ATTESTRY_POSTGRES names the folder of another PostgreSQL's programs than npm's.
 * With ATTESTRY_TEST_POOLED a PgBouncer stands in front of the server.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.ATTESTRY_TEST_DATABASE
  const { url, workers, stop } = given ? await openGivenServer(given) : await openOwnServer()
  const urls: ServerUrls = {
    admin: url('admin'),
    owner: url('owner'),
    app: url('app'),
    retention: url('retention'),
    backup: url('backup'),
  }
  const pooler = process.env.ATTESTRY_TEST_POOLED ? await startPooler([urls.app, urls.retention]) : null
  project.provide('databaseServer', urls)
  project.provide('databasePooler', pooler?.port ?? null)
  project.provide('databaseWorkers', workers)
  return async () => {
    await pooler?.stop()
    await stop()
  }
}

async function openOwnServer(): Promise<GivenServer> {
  const programs = process.env.ATTESTRY_POSTGRES
  const server = await startTemporaryServer('test', { throwaway: true, ...(programs ? { programs } : {}) })
  await prepareDatabase(server, templateDatabase)
  return { url: role => server.url(role, '{database}'), workers: [], stop: () => server.stop() }
}
