import { execFile } from 'node:child_process'
import { appendFile, chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { type EmbeddedServer, prepareDatabase, startEmbedded } from '../../db/embedded.ts'
import type { ServerUrls } from './global-setup.ts'
import { openWay, type SwitchedWay } from './switched-way.ts'
import { until } from './waiting.ts'

/** A PostgreSQL of a test's own, which may be stopped, killed and replaced, behind an address that leads to who serves. */
export interface Cluster {
  readonly way: SwitchedWay
  /** The folder that the serving server's data are in. */
  readonly directory: string
  url(role: keyof ServerUrls): string
  /** Ends it in order: sessions are cut, everything is written. */
  stop(): Promise<void>
  /** Kills it, as a machine does that loses power. */
  kill(): Promise<void>
  /** Starts what was stopped or killed on the data that are there. */
  start(): Promise<void>
  /** Copies the running server, and lets the copy follow it: nothing is acknowledged that it has not got. */
  addStandby(): Promise<void>
  /** Copies the running server. @returns where the copy is */
  backUp(): Promise<string>
  /** Starts a copy in the place of a server that ended. */
  restore(backup: string): Promise<void>
  /** Lets the follower go its own way; the address leads to it from now on. */
  promote(): Promise<void>
  end(): Promise<void>
}

const database = 'attestry'
const run = promisify(execFile)

/**
 * Starts one with a migrated database.
 * @param parent where its data go; a temporary folder unless given
 */
export async function startCluster(parent?: string): Promise<Cluster> {
  const home = parent ?? (await mkdtemp(join(tmpdir(), 'attestry-cluster-')))
  // Under root the server runs as another user, who must be able to enter.
  await chmod(home, 0o755)
  let count = 0
  const newDirectory = async () => {
    const directory = join(home, `server-${++count}`)
    await mkdir(directory, { mode: 0o755 })
    return directory
  }
  const open = (directory: string) => startEmbedded(directory, { throwaway: true })
  let directory = await newDirectory()
  let server: EmbeddedServer = await open(directory)
  await prepareDatabase(server, database)
  const way = await openWay(server.port)
  let isRunning = true
  let follower: { directory: string; port: number; started: Promise<EmbeddedServer> } | null = null

  const adminOf = (port: number) =>
    postgres({
      host: '127.0.0.1',
      port,
      user: 'postgres',
      password: server.passwords.admin,
      database: 'postgres',
      max: 1,
      onnotice: () => undefined,
    })

  async function start(): Promise<void> {
    server = await startAgain(() => open(directory))
    isRunning = true
    way.leadTo(server.port)
  }

  return {
    way,
    get directory() {
      return directory
    },
    url: role => Object.assign(new URL(server.url(role, database)), { port: String(way.port) }).href,
    async stop() {
      way.leadTo(null)
      isRunning = false
      await server.stop()
    },
    async kill() {
      way.leadTo(null)
      isRunning = false
      await killServer(directory)
      way.reset()
    },
    start,
    async addStandby() {
      const copy = await newDirectory()
      const admin = adminOf(server.port)
      try {
        await copyRunning(admin, directory, copy)
        const data = join(copy, 'data')
        await writeAsServer(join(data, 'standby.signal'), '')
        const from = `host=127.0.0.1 port=${server.port} user=postgres password=${server.passwords.admin}`
        await appendFile(join(data, 'postgresql.auto.conf'), `primary_conninfo = '${from}'\n`)
        // Ready is what it says when it was promoted.
        const started = open(copy)
        let failure: unknown
        started.catch((error: unknown) => {
          failure = error
        })
        await until(async () => {
          if (failure) throw failure
          const following = await admin`select from pg_stat_replication where state = 'streaming'`
          return following.length === 1
        })
        await admin`alter system set synchronous_standby_names = '*'`
        await admin`select pg_reload_conf()`
        follower = { directory: copy, port: await portOf(copy), started }
      } finally {
        await admin.end()
      }
    },
    async backUp() {
      const copy = await newDirectory()
      const admin = adminOf(server.port)
      try {
        await copyRunning(admin, directory, copy)
      } finally {
        await admin.end()
      }
      return copy
    },
    restore(backup) {
      directory = backup
      return start()
    },
    async promote() {
      if (!follower) throw new Error('nobody follows')
      const admin = adminOf(follower.port)
      try {
        await admin`select pg_promote()`
      } finally {
        await admin.end()
      }
      server = await follower.started
      directory = follower.directory
      follower = null
      isRunning = true
      way.leadTo(server.port)
    },
    async end() {
      await way.close()
      if (follower) await killServer(follower.directory)
      if (isRunning) await server.stop()
      if (!parent) await rm(home, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

/** A copy of the files of a running server, from which another one can begin. */
async function copyRunning(admin: postgres.Sql, directory: string, copy: string): Promise<void> {
  await admin`select pg_backup_start('copy', true)`
  await run('cp', ['-a', join(directory, 'data'), join(directory, 'passwords.json'), copy])
  const [backup] = await admin<{ labelfile: string }[]>`select labelfile from pg_backup_stop(false)`
  const data = join(copy, 'data')
  for (const left of ['postmaster.pid', 'postmaster.opts']) await rm(join(data, left), { force: true })
  // What the log got until the copy was whole belongs to it.
  await run('cp', ['-a', join(directory, 'data', 'pg_wal'), data])
  await writeAsServer(join(data, 'backup_label'), backup?.labelfile ?? '')
}

/** Under root a file has to belong to whom the server runs as. */
async function writeAsServer(path: string, text: string): Promise<void> {
  const { uid, gid } = await stat(dirname(path))
  await writeFile(path, text, { mode: 0o600 })
  await chown(path, uid, gid)
}

const pidFile = async (directory: string) =>
  (await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8')).split('\n')

/** Its other processes end by themselves when they miss it. */
async function killServer(directory: string): Promise<void> {
  const postmaster = Number((await pidFile(directory))[0])
  process.kill(postmaster, 'SIGKILL')
  await until(async () => !isAlive(postmaster))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const portOf = async (directory: string) => Number((await pidFile(directory))[3])

/** The last processes of a server that was killed may hold its memory for a moment. */
async function startAgain(start: () => Promise<EmbeddedServer>): Promise<EmbeddedServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start()
    } catch (error) {
      if (attempt === 20) throw error
    }
  }
}
