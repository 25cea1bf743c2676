import { randomBytes } from 'node:crypto'
import postgres from 'postgres'

/** The database that others are cloned from: migrated once, never connected to. */
export const templateDatabase = 'attestry_template'

/**
 * Clones the template under a new name. `drop` ends whoever is still connected.
 * @param workers a cluster's other nodes: each has its part of the template under the same name, and of the clone
 */
export async function cloneTemplate(
  maintenanceUrl: string,
  workers: readonly string[] = [],
): Promise<{ name: string; drop(): Promise<void> }> {
  const name = `test_${randomBytes(8).toString('hex')}`
  const everywhere = async (statement: string) => {
    await Promise.all([maintenanceUrl, ...workers].map(url => administer(url, statement)))
  }
  await everywhere(`create database ${name} template ${templateDatabase} owner attestry_owner`)
  return { name, drop: () => everywhere(`drop database ${name} with (force)`) }
}

async function administer(url: string, statement: string) {
  const admin = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    await admin.unsafe(statement)
  } finally {
    await admin.end()
  }
}
