import { readFile } from 'node:fs/promises'
import type postgres from 'postgres'

/** Where it is kept which migrations took something away, and which builds still use it. */
const contractionsTable = 'migrations.contractions'

/** The migrations of a folder, in their order, by the names of their files. */
export async function listMigrations(folder: string): Promise<string[]> {
  const journal: unknown = JSON.parse(await readFile(`${folder}/meta/_journal.json`, 'utf8'))
  if (
    typeof journal !== 'object' ||
    journal === null ||
    !('entries' in journal) ||
    !Array.isArray(journal.entries)
  )
    throw new Error('The migration journal is malformed.')
  return journal.entries.map(({ tag }: { tag: string }) => tag)
}

/**
 * What a migration says that takes something away: `-- contracts: state.thing, unused since 0034`.
 * @returns how many migrations a build must know at least to do without it; null where the migration only expands
 */
export function oldestBuildFor(migration: string): number | null {
  const [, since] = /^--\s*contracts:.*\bunused since (\d{4})\b/im.exec(migration) ?? []
  return since === undefined ? null : Number(since) + 1
}

/**
 * Notes what the migrations of a folder take away, before they do: a process that still uses it is not ready from the
 * moment at which it is gone, and never because of what was noted alone. Run as the owner role.
 */
export async function noteContractions(client: postgres.Sql, folder: string): Promise<void> {
  await client.unsafe('create schema if not exists migrations')
  await client.unsafe(
    `create table if not exists ${contractionsTable} (migration text primary key, oldest_build integer not null)`,
  )
  await client.unsafe('grant usage on schema migrations to attestry_app')
  await client.unsafe(`grant select on ${contractionsTable} to attestry_app`)
  for (const migration of await listMigrations(folder)) {
    const oldestBuild = oldestBuildFor(await readFile(`${folder}/${migration}.sql`, 'utf8'))
    if (oldestBuild === null) continue
    await client`
      insert into migrations.contractions (migration, oldest_build) values (${migration}, ${oldestBuild})
          on conflict do nothing`
  }
}
