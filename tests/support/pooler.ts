import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { freePort } from '../../db/embedded.ts'
import { isRoot } from '../../db/embedded-files.ts'
import { until } from './waiting.ts'

export interface Pooler {
  port: number
  stop(): Promise<void>
}

/** Debian puts programs of the system where the path of a person does not lead. */
const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']

/** Where PgBouncer is installed; undefined where it is not. */
export const poolerProgram: string | undefined = folders
  .map(folder => join(folder, 'pgbouncer'))
  .find(path => existsSync(path))

/** PgBouncer refuses to run as root: `nobody`, on every Linux. */
const nobody = 65_534

export interface PoolerOptions {
  mode?: 'transaction' | 'session'
  /** Whether the sessions of a database go round; else the one that was given back last is given first. */
  goesRound?: boolean
  /** Sessions of a database. */
  size?: number
}

/**
 * Puts a PgBouncer in transaction mode in front of a server, for every database of it. Unless told otherwise the sessions
 * of a database are few and go round: each transaction gets another one than the one before, so that nothing can rest on
 * a session.
 * @param urls one address for each role that comes through it
 */
export async function startPooler(urls: readonly string[], options: PoolerOptions = {}): Promise<Pooler> {
  if (poolerProgram === undefined) throw new Error('PgBouncer is not installed.')
  const roles = urls.map(url => new URL(url.replace('{database}', '')))
  const directory = await mkdtemp(join(tmpdir(), 'attestry-pooler-'))
  const port = await freePort()
  const files = {
    'users.txt': roles.map(({ username, password }) => `"${username}" "${password}"\n`).join(''),
    'pgbouncer.ini': settings(port, {
      serverPort: Number(roles[0]?.port || 5432),
      users: join(directory, 'users.txt'),
      ...options,
    }),
  }
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(directory, name), text, { mode: 0o600 })
    if (isRoot) await chown(join(directory, name), nobody, nobody)
  }
  await chmod(directory, 0o755)
  const log: string[] = []
  const child = spawn(poolerProgram, [join(directory, 'pgbouncer.ini')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(isRoot ? { uid: nobody, gid: nobody } : {}),
  })
  // Also where an error that nobody caught ends the process.
  const end = () => void child.kill('SIGTERM')
  process.once('exit', end)
  child.stderr.on('data', text => void log.push(String(text)))
  let hasEnded = false
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  ended.then(() => {
    hasEnded = true
  })
  await until(async () => {
    if (hasEnded) throw new Error(`PgBouncer did not start:\n${log.join('')}`)
    return isAnswering(port)
  })
  return {
    port,
    async stop() {
      end()
      await ended
      process.removeListener('exit', end)
      await rm(directory, { recursive: true, force: true })
    },
  }
}

const isAnswering = (port: number) =>
  new Promise<boolean>(resolve => {
    const socket = connect(port, '127.0.0.1')
    const answer = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', () => answer(true)).once('error', () => answer(false))
  })

const settings = (
  port: number,
  {
    serverPort,
    users,
    mode = 'transaction',
    goesRound = true,
    size = 5,
  }: PoolerOptions & { serverPort: number; users: string },
) => `[databases]
* = host=127.0.0.1 port=${serverPort}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = ${mode}
server_round_robin = ${goesRound ? 1 : 0}
default_pool_size = ${size}
max_client_conn = 500
query_wait_timeout = 20
`
