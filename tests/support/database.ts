import { afterAll, inject } from 'vitest'
import { Database } from '../../db/client.ts'
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
  url(role: keyof ServerUrls): string
}

/**
 * A freshly migrated database of the calling file's own, cloned from the run's template and dropped after its tests.
 * Call it at the top of a file: `const { database } = await useDatabase()`.
 */
export async function useDatabase(options: { max?: number } = {}): Promise<TestDatabase> {
  const urls = inject('databaseServer')
  const { name, drop } = await cloneTemplate(
    urls.admin.replace('{database}', 'postgres'),
    inject('databaseWorkers'),
  )
  const url = (role: keyof ServerUrls) => urls[role].replace('{database}', name)
  const database = new Database(url('app'), { ...options, onStatement: recordStatement })
  afterAll(async () => {
    await database.close()
    await drop()
  })
  return { database, name, appUrl: url('app'), ownerUrl: url('owner'), adminUrl: url('admin'), url }
}
