import { inject } from 'vitest'
import { Database, type DatabaseOptions } from '../../db/client.ts'
import { afterwards } from './afterwards.ts'
import { cloneTemplate } from './clone.ts'
import type { ServerUrls } from './global-setup.ts'
import { recordStatement } from './statements.ts'

export interface TestDatabase {
  /** As the app's role; every statement is recorded for the tenancy check. */
  database: Database
  name: string
  appUrl: string
  ownerUrl: string
  adminUrl: string
  /** Past the pooler, where the run has one. */
  url(role: keyof ServerUrls): string
  /** Connects as the product does: through the run's pooler where there is one. */
  connect(role: PooledRole, options?: DatabaseOptions): Database
  /** Where a process of the product finds it, by variable. */
  settings: Record<string, string>
}

type PooledRole = 'app' | 'retention'

/**
 * A freshly migrated database of the calling file's own, or test's, cloned from the run's template and dropped after it.
 * Called at the top of a file: `const { database } = await useDatabase()`.
 */
export async function useDatabase(options: { max?: number } = {}): Promise<TestDatabase> {
  const urls = inject('databaseServer')
  const { name, drop } = await cloneTemplate(
    urls.admin.replace('{database}', 'postgres'),
    inject('databaseWorkers'),
  )
  const url = (role: keyof ServerUrls) => urls[role].replace('{database}', name)
  const poolerPort = inject('databasePooler')
  const given = (role: PooledRole) =>
    poolerPort === null ? url(role) : Object.assign(new URL(url(role)), { port: String(poolerPort) }).href
  const connect = (role: PooledRole, own: DatabaseOptions = {}) =>
    new Database(given(role), {
      directUrl: url(role),
      prepares: poolerPort === null,
      onStatement: recordStatement,
      ...own,
    })
  const database = connect('app', options)
  afterwards(async () => {
    await database.close()
    await drop()
  })
  return {
    database,
    name,
    appUrl: url('app'),
    ownerUrl: url('owner'),
    adminUrl: url('admin'),
    url,
    connect,
    settings: {
      DATABASE_URL: given('app'),
      DATABASE_DIRECT_URL: url('app'),
      DATABASE_RETENTION_URL: given('retention'),
    },
  }
}
