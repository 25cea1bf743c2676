import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { prepareDatabase } from '../db/embedded.ts'
import { listSchema } from '../tests/support/schema-listing.ts'
import { startTemporaryServer } from '../tests/support/temporary-server.ts'

/*
 * Migrates a fresh database and writes down what came out, as db/schema.lock. Run it after every new migration: the
 * difference in the file is what the migration did, and a test compares the file with the migrated database.
 */

const file = join(import.meta.dirname, '..', 'db', 'schema.lock')
const server = await startTemporaryServer('schema', { throwaway: true })
try {
  await prepareDatabase(server, 'attestry')
  const admin = postgres(server.url('admin', 'attestry'), { max: 1, onnotice: () => undefined })
  const listing = await listSchema(admin)
  await admin.end()
  await writeFile(file, listing)
  console.log(`Wrote ${listing.split('\n').length - 1} lines to db/schema.lock.`)
} finally {
  await server.stop()
}
