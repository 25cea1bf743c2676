import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { distribute } from '../../db/distribute/distribute.ts'
import { knownMigrations, migrate } from '../../db/migrate.ts'
import { prepareServer, type RolePasswords } from '../../db/roles.ts'
import { againWhileInUse, clonePrefix, templateDatabase } from './clone.ts'
import type { ServerUrls } from './global-setup.ts'
import { until } from './waiting.ts'

export interface GivenServer {
  /** `{database}` stands where a database's name goes. */
  url(role: keyof ServerUrls): string
  /** Where a cluster's workers are administered. */
  workers: string[]
  stop(): Promise<void>
}

/** Few, since every test file clones all of them: an organization lies on one, and most files have one or two. */
const shardsOfTemplate = 4

/**
 * Makes the template on a PostgreSQL that runs already: on a cluster distributed, a part on every node. Roles get new
 * passwords there, so it has to be a server that only tests use.
 * @param adminUrl a superuser's address of a database there; on a cluster, one that knows the workers
 */
export async function openGivenServer(adminUrl: string): Promise<GivenServer> {
  const nodes = await nodesOf(adminUrl)
  const [coordinator, ...workers] = nodes.map(({ host, port }) => nodeUrl(adminUrl, host, port))
  if (!coordinator) throw new Error('no server')
  const passwords = { owner: secret(), app: secret(), retention: secret(), backup: secret() }
  const url = (role: keyof ServerUrls) => roleUrl(coordinator, role, passwords)
  const drop = () => Promise.all([coordinator, ...workers].map(dropDatabases))
  await drop()
  for (const node of [coordinator, ...workers])
    await prepareServer(at(node, 'postgres'), templateDatabase, passwords)
  await migrate(at(url('owner'), templateDatabase))
  if (workers.length > 0) await distributeTemplate(coordinator, workers, nodes)
  return {
    url,
    workers: workers.map(node => at(node, 'postgres')),
    async stop() {
      await drop()
    },
  }
}

async function distributeTemplate(coordinator: string, workers: readonly string[], nodes: readonly Node[]) {
  for (const node of [...workers, coordinator])
    await within(at(node, templateDatabase), admin => admin`create extension citus`)
  await within(at(coordinator, templateDatabase), async admin => {
    // What tests try as owner and superuser is tried on the workers, too, under what they set.
    for (const role of ['attestry_owner', 'current_user'])
      await admin.unsafe(`alter role ${role} set citus.propagate_set_commands = 'local'`)
    for (const [index, { host, port }] of nodes.entries())
      if (index === 0) await admin`select citus_set_coordinator_host(${host}, ${port}::int)`
      else await admin`select citus_add_node(${host}, ${port}::int)`
  })
  await distribute(at(coordinator, templateDatabase), {
    knownMigrations: await knownMigrations(),
    isDryRun: false,
    shards: shardsOfTemplate,
    print: () => undefined,
  })
  // Citus keeps an eye on every database; one that is cloned must have nobody in it.
  for (const node of [coordinator, ...workers])
    await within(at(node, 'postgres'), async admin => {
      await admin.unsafe(`alter database ${templateDatabase} allow_connections false`)
      await until(async () => {
        const rows = await admin`
          select pg_terminate_backend(pid) from pg_stat_activity where datname = ${templateDatabase}`
        return rows.length === 0
      })
    })
}

/** The template and every clone, also of a run that was broken off: on a cluster each keeps a background worker. */
async function dropDatabases(node: string) {
  await within(at(node, 'postgres'), async admin => {
    const own = await admin<{ name: string }[]>`
      select datname as name from pg_database
       where datname = ${templateDatabase} or starts_with(datname, ${clonePrefix})`
    for (const { name } of own)
      await againWhileInUse(async () => {
        await admin.unsafe(`drop database if exists ${name} with (force)`)
      })
  })
}

interface Node {
  host: string
  port: number
}

/** The coordinator first. One PostgreSQL is a cluster of itself. */
async function nodesOf(adminUrl: string): Promise<Node[]> {
  const { hostname, port } = new URL(adminUrl)
  const itself = [{ host: hostname, port: Number(port || 5432) }]
  return within(adminUrl, async admin => {
    const [citus] = await admin`select from pg_extension where extname = 'citus'`
    if (!citus) return itself
    const workers = await admin<Node[]>`
      select nodename as host, nodeport as port from pg_dist_node where noderole = 'primary' and groupid > 0 order by groupid`
    return [...itself, ...workers]
  })
}

async function within<T>(url: string, work: (admin: postgres.Sql) => Promise<T>): Promise<T> {
  const admin = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

const secret = () => randomBytes(18).toString('base64url')
const at = (url: string, database: string) => url.replace('{database}', database)

function nodeUrl(adminUrl: string, host: string, port: number): string {
  const url = Object.assign(new URL(adminUrl), { hostname: host, port: String(port) })
  url.pathname = '/'
  return `${url.href}{database}`
}

function roleUrl(node: string, role: keyof ServerUrls, passwords: RolePasswords): string {
  if (role === 'admin') return node
  const url = Object.assign(new URL(node), { username: `attestry_${role}`, password: passwords[role] })
  url.pathname = '/'
  return `${url.href}{database}`
}
