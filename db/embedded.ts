import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { isRoot, loadEmbeddedPostgres, reachableDirectory } from './embedded-files.ts'
import { stopLeftOver } from './left-over.ts'
import { migrate } from './migrate.ts'
import { prepareServer, type RolePasswords } from './roles.ts'

export interface EmbeddedServer {
  host: string
  port: number
  passwords: RolePasswords & { admin: string }
  /** The address of a database for one of the roles. */
  url(role: 'admin' | keyof RolePasswords, database: string): string
  stop(): Promise<void>
}

/**
 * Starts a real PostgreSQL 18 from npm on a free loopback port, for development, the demo and tests. Data and
 * passwords stay in `directory`; started again it goes on with them, also after a start or a server that was killed.
 * One process at a time may use a directory.
 */
export async function startEmbedded(
  directory: string,
  options: { throwaway?: boolean } = {},
): Promise<EmbeddedServer> {
  const EmbeddedPostgres = await loadEmbeddedPostgres()
  await mkdir(directory, { recursive: true, mode: 0o755 })
  const passwords = await keptPasswords(join(directory, 'passwords.json'))
  const dataDirectory = join(reachableDirectory(directory), 'data')
  const port = await freePort()
  const log: string[] = []
  const serverIn = (databaseDir: string) =>
    new EmbeddedPostgres({
      databaseDir,
      port,
      user: 'postgres',
      password: passwords.admin,
      authMethod: 'scram-sha-256',
      persistent: true,
      createPostgresUser: isRoot,
      initdbFlags: ['--encoding=UTF8', '--locale=C'],
      postgresFlags: [
        '-c',
        'listen_addresses=127.0.0.1',
        '-c',
        'max_connections=200',
        '-c',
        'unix_socket_directories=',
        ...(options.throwaway ? ['-c', 'fsync=off', '-c', 'full_page_writes=off'] : []),
      ],
      onLog: message => void log.push(String(message)),
      onError: message => void log.push(String(message)),
    })
  const server = serverIn(dataDirectory)
  try {
    if (existsSync(dataDirectory)) await stopLeftOver(dataDirectory, passwords.admin)
    else {
      // In place only when it is whole: a start that is killed meanwhile leaves nothing that looks like data.
      const unfinished = `${dataDirectory}.new`
      await rm(unfinished, { recursive: true, force: true })
      await withOpenUmask(() => serverIn(unfinished).initialise())
      await rename(unfinished, dataDirectory)
    }
    await server.start()
  } catch (error) {
    throw new Error(`PostgreSQL did not start:\n${log.slice(-20).join('\n')}`, { cause: error })
  }
  const users = {
    admin: 'postgres',
    owner: 'attestry_owner',
    app: 'attestry_app',
    retention: 'attestry_retention',
    backup: 'attestry_backup',
  }
  return {
    host: '127.0.0.1',
    port,
    passwords,
    url: (role, database) => `postgres://${users[role]}:${passwords[role]}@127.0.0.1:${port}/${database}`,
    stop: () => server.stop(),
  }
}

/** Creates roles and one migrated database on an embedded server. */
export async function prepareDatabase(server: EmbeddedServer, database: string): Promise<void> {
  await prepareServer(server.url('admin', 'postgres'), database, server.passwords)
  await migrate(server.url('owner', database))
}

/** The server's user must read the password file that root writes for it. */
async function withOpenUmask(work: () => Promise<void>): Promise<void> {
  const before = process.umask(0o022)
  try {
    await work()
  } finally {
    process.umask(before)
  }
}

const passwordsSchema = z.strictObject({
  admin: z.string(),
  owner: z.string(),
  app: z.string(),
  retention: z.string(),
  backup: z.string(),
})

async function keptPasswords(file: string) {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text) return passwordsSchema.parse(JSON.parse(text))
  const fresh = () => randomBytes(24).toString('base64url')
  const passwords = { admin: fresh(), owner: fresh(), app: fresh(), retention: fresh(), backup: fresh() }
  await writeFile(`${file}.new`, JSON.stringify(passwords), { mode: 0o600 })
  await rename(`${file}.new`, file)
  return passwords
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
