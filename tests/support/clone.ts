import { randomBytes } from 'node:crypto'
import postgres from 'postgres'

/** The database that others are cloned from: migrated once, never connected to. */
export const templateDatabase = 'attestry_template'

/** What the names of clones begin with. */
export const clonePrefix = 'test_'

/**
 * Clones the template under a new name. `drop` ends whoever is still connected.
 * @param workers a cluster's other nodes: each has its part of the template under the same name, and of the clone
 */
export async function cloneTemplate(
  maintenanceUrl: string,
  workers: readonly string[] = [],
): Promise<{ name: string; drop(): Promise<void> }> {
  const name = `${clonePrefix}${randomBytes(8).toString('hex')}`
  const everywhere = async (statement: string) => {
    await Promise.all([maintenanceUrl, ...workers].map(url => administer(url, statement)))
  }
  await everywhere(`create database ${name} template ${templateDatabase} owner attestry_owner`)
  const drop = () => everywhere(`drop database if exists ${name} with (force)`)
  // What Citus looks after a database with may only just have come, and be back while it is dropped.
  return { name, drop: () => (workers.length > 0 ? againWhileInUse(drop) : drop()) }
}

/** Drops what is in use at first: of a cluster's databases, by who looks after them. */
export async function againWhileInUse(drop: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await drop()
    } catch (error) {
      if (!(error instanceof postgres.PostgresError) || error.code !== '55006' || attempt === 5) throw error
    }
  }
}

async function administer(url: string, statement: string) {
  const admin = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    await admin.unsafe(statement)
  } finally {
    await admin.end()
  }
}
