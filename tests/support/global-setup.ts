import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { prepareDatabase, startEmbedded } from '../../db/embedded.ts'

/** The database every test file clones: migrated once, never connected to. */
export const templateDatabase = 'attestry_template'

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
  const directory = await mkdtemp(join(tmpdir(), 'attestry-test-'))
  // Under root the server runs as another user, who must be able to enter.
  await chmod(directory, 0o755)
  const server = await startEmbedded(directory, { throwaway: true })
  await prepareDatabase(server, templateDatabase)
  const url = (role: keyof ServerUrls) => server.url(role, '{database}')
  project.provide('databaseServer', {
    admin: url('admin'),
    owner: url('owner'),
    app: url('app'),
    retention: url('retention'),
    backup: url('backup'),
  })
  return async () => {
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  }
}
