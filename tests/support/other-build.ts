import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterwards } from './afterwards.ts'

/** What a newer build's migration does. */
export interface AddedMigration {
  name: string
  sql: string
  /** What it takes away, that the build of the migration before it does not use any more. */
  contracts?: string
}

const root = join(import.meta.dirname, '..', '..')

/** This build's sources in a folder of their own, with migrations that come after its own: a build of a later version. */
export async function layOutBuild(
  ...added: readonly AddedMigration[]
): Promise<{ folder: string; migrations: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'attestry-build-'))
  afterwards(() => rm(folder, { recursive: true }))
  for (const part of ['server', 'jobs', 'db'])
    await cp(join(root, part), join(folder, part), { recursive: true })
  for (const part of ['node_modules', 'build']) await symlink(join(root, part), join(folder, part))
  await cp(join(root, 'package.json'), join(folder, 'package.json'))
  const migrations = join(folder, 'db', 'migrations')
  const path = join(migrations, 'meta', '_journal.json')
  const journal: { entries: { idx: number; when: number; tag: string }[] } = JSON.parse(
    await readFile(path, 'utf8'),
  )
  for (const { name, sql, contracts } of added) {
    const idx = journal.entries.length
    const before = journal.entries.at(-1)
    if (!before) throw new Error('a build without migrations')
    const tag = `${number(idx)}_${name}`
    const marker = contracts ? `-- contracts: ${contracts}, unused since ${number(idx - 1)}\n` : ''
    await writeFile(join(migrations, `${tag}.sql`), `${marker}${sql}\n`)
    journal.entries.push({ ...before, idx, when: before.when + 1, tag })
  }
  await writeFile(path, JSON.stringify(journal))
  return { folder, migrations }
}

const number = (idx: number) => String(idx).padStart(4, '0')
