import type { TestProject } from 'vitest/node'
import { prepareDatabase } from '../../db/embedded.ts'
import { templateDatabase } from './clone.ts'
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
  }
}

/** Starts one PostgreSQL for the whole run and migrates the template; ends and removes it afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTemporaryServer('test', { throwaway: true })
  await prepareDatabase(server, templateDatabase)
  const url = (role: keyof ServerUrls) => server.url(role, '{database}')
  project.provide('databaseServer', {
    admin: url('admin'),
    owner: url('owner'),
    app: url('app'),
    retention: url('retention'),
    backup: url('backup'),
  })
  return () => server.stop()
}
