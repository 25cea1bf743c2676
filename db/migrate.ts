import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator'
import { PgBoss } from 'pg-boss'
import postgres from 'postgres'
import { listMigrations, noteContractions } from './contractions.ts'
import { hasCitus, isDistributed } from './distribute/catalogue.ts'
import { keepLocal, migrateDistributed, migrationsSchema } from './distribute/migrate-distributed.ts'
import { queueDefinitions, queueSchema } from './queues.ts'

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url))

/**
 * Brings the database to the newest schema: tables, policies, functions and the queue. Run as the owner role, again
 * at will. Two runs at once wait for each other. On a distributed database a migration reaches every node.
 * @param folder where the migrations are
 */
export async function migrate(ownerUrl: string, folder: string = migrationsFolder): Promise<void> {
  const client = postgres(ownerUrl, { max: 1, onnotice: () => undefined })
  try {
    await client`select pg_advisory_lock(hashtext('attestry:migrate'))`
    await noteContractions(client, folder)
    if (await isDistributed(client)) await migrateDistributed(client, folder)
    else {
      // Beside Citus, but not distributed: what is made stays here until it is.
      if (await hasCitus(client)) await client.unsafe(keepLocal)
      await runMigrations(drizzle(client, { casing: 'snake_case' }), {
        migrationsFolder: folder,
        migrationsSchema,
      })
    }
    await installQueue(ownerUrl)
    for (const grant of queueGrants) await client.unsafe(grant)
  } finally {
    await client.end()
  }
}

/** How many migrations this build knows; a database that is behind, or ahead and without what it uses, is refused. */
export async function knownMigrations(): Promise<number> {
  return (await listMigrations(migrationsFolder)).length
}

async function installQueue(ownerUrl: string) {
  const boss = new PgBoss({
    connectionString: ownerUrl,
    // The queue is the coordinator's alone. PostgreSQL without Citus knows of no such setting and keeps it as a word.
    options: '-c citus.enable_ddl_propagation=off',
    schema: queueSchema,
    migrate: true,
    createSchema: true,
    supervise: false,
    schedule: false,
    max: 1,
  })
  boss.on('error', error => console.error(error))
  await boss.start()
  for (const { name, policy, options } of queueDefinitions) {
    if (await boss.getQueue(name)) await boss.updateQueue(name, options)
    else await boss.createQueue(name, { ...options, ...(policy ? { policy } : {}) })
  }
  await boss.stop({ graceful: false })
}

const queueGrants = [
  'grant usage on schema migrations to attestry_app',
  'grant select on all tables in schema migrations to attestry_app',
  `grant usage on schema ${queueSchema} to attestry_app`,
  `grant select, insert, update, delete on all tables in schema ${queueSchema} to attestry_app`,
  `grant usage on all sequences in schema ${queueSchema} to attestry_app`,
  `grant execute on all functions in schema ${queueSchema} to attestry_app`,
]
