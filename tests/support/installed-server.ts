import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, chown, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { type EmbeddedServer, freePort } from '../../db/embedded.ts'
import { serverIds } from './server-user.ts'

const run = promisify(execFile)

/**
 * Starts a throwaway PostgreSQL of another version than the one from npm: nothing is forced to the disk.
 * @param programs the folder with its `initdb` and `postgres`
 * @param directory empty, and where its data go
 */
export async function startInstalled(programs: string, directory: string): Promise<EmbeddedServer> {
  const ids = await serverIds()
  const fresh = () => randomBytes(24).toString('base64url')
  const passwords = { admin: fresh(), owner: fresh(), app: fresh(), retention: fresh(), backup: fresh() }
  const port = await freePort()
  const data = join(directory, 'data')
  const passwordFile = join(directory, 'admin-password')
  await writeFile(passwordFile, passwords.admin, { mode: 0o600 })
  if (ids) {
    await chmod(directory, 0o755)
    await chown(directory, ids.uid, ids.gid)
    await chown(passwordFile, ids.uid, ids.gid)
  }
  await run(
    join(programs, 'initdb'),
    [
      `--pgdata=${data}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ],
    ids ?? {},
  )
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'fsync=off',
  ]
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap(setting => ['-c', setting])],
    { ...ids, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const log: string[] = []
  server.stderr.on('data', chunk => void log.push(String(chunk)))
  const ended = once(server, 'exit')
  // Whatever ends the process ends its server.
  const kill = () => server.kill('SIGINT')
  process.once('exit', kill)
  const users = {
    admin: 'postgres',
    owner: 'attestry_owner',
    app: 'attestry_app',
    retention: 'attestry_retention',
    backup: 'attestry_backup',
  }
  const url: EmbeddedServer['url'] = (role, database) =>
    `postgres://${users[role]}:${passwords[role]}@127.0.0.1:${port}/${database}`
  await Promise.race([
    untilItAnswers(url('admin', 'postgres')),
    ended.then(() =>
      Promise.reject(new Error(`${programs}/postgres did not start:\n${log.slice(-20).join('')}`)),
    ),
  ])
  return {
    host: '127.0.0.1',
    port,
    passwords,
    url,
    async stop() {
      server.kill('SIGINT')
      await ended
      process.removeListener('exit', kill)
    },
  }
}

async function untilItAnswers(url: string): Promise<void> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const client = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => undefined })
    try {
      await client`select 1`
      return
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise(resolve => setTimeout(resolve, 50))
    } finally {
      await client.end({ timeout: 1 })
    }
  }
}
