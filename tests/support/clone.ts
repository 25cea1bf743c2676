import { randomBytes } from 'node:crypto'
import postgres from 'postgres'

/** The database that others are cloned from: migrated once, never connected to. */
export const templateDatabase = 'attestry_template'

/** Clones the template under a new name. `drop` ends whoever is still connected. */
export async function cloneTemplate(
  maintenanceUrl: string,
): Promise<{ name: string; drop(): Promise<void> }> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await administer(
    maintenanceUrl,
    `create database ${name} template ${templateDatabase} owner attestry_owner`,
  )
  return { name, drop: () => administer(maintenanceUrl, `drop database ${name} with (force)`) }
}

async function administer(url: string, statement: string) {
  const admin = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    await admin.unsafe(statement)
  } finally {
    await admin.end()
  }
}
