import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/*
 * `node scripts/complete-lock.ts`, after a change of dependencies: names every platform's optional package in the lock
 * file. npm leaves out those that its registry did not serve when the lock was made, and `npm ci` then refuses the
 * lock. An entry added here has the exact version and no hash; the first install on that platform may add it.
 */

const entrySchema = z.looseObject({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
})
const lockSchema = z.looseObject({ packages: z.record(z.string(), entrySchema) })
type Entries = z.infer<typeof lockSchema>['packages']

export interface MissingPackage {
  /** Where it would be installed. */
  path: string
  name: string
  version: string
  isDevelopment: boolean
}

/** Optional packages that the lock's own packages name and the lock does not hold. */
export function missingFromLock(lockFile: string): MissingPackage[] {
  const { packages } = lockSchema.parse(JSON.parse(lockFile))
  const missing = new Map<string, MissingPackage>()
  for (const [parent, { optionalDependencies = {}, dev = false }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (isResolved(packages, parent, name) || !/^\d+\.\d+\.\d+/.test(version)) continue
      const top = `node_modules/${name}`
      const isTaken = top in packages || (missing.has(top) && missing.get(top)?.version !== version)
      const path = isTaken ? `${parent}/${top}` : top
      missing.set(path, { path, name, version, isDevelopment: dev })
    }
  }
  return [...missing.values()]
}

function isResolved(packages: Entries, parent: string, name: string): boolean {
  for (let folder = parent; ; folder = folder.slice(0, folder.lastIndexOf('/node_modules/'))) {
    if (`${folder}/node_modules/${name}` in packages) return true
    if (!folder.includes('/node_modules/')) return `node_modules/${name}` in packages
  }
}

/** The lock with the missing ones named, in npm's own form and order. */
export function completeLock(lockFile: string): string {
  const lock = lockSchema.parse(JSON.parse(lockFile))
  const added = missingFromLock(lockFile).map(({ path, name, version, isDevelopment }) => [
    path,
    {
      version,
      ...cpuOf(name),
      ...(isDevelopment ? { dev: true } : {}),
      ...libcOf(name),
      optional: true,
      ...osOf(name),
    },
  ])
  const { '': root, ...rest } = lock.packages
  // npm's own order.
  const byPath = ([one = '']: unknown[], [other = '']: unknown[]) =>
    String(one).localeCompare(String(other), 'en')
  const packages = { '': root, ...Object.fromEntries([...Object.entries(rest), ...added].sort(byPath)) }
  return `${JSON.stringify({ ...lock, packages }, null, 2)}\n`
}

const systems = ['android', 'darwin', 'freebsd', 'openbsd', 'netbsd', 'linux', 'win32', 'openharmony']
const processors = ['arm64', 'x64', 'ia32', 'arm', 'riscv64', 'ppc64', 's390x', 'loong64', 'wasm32']

/** Names of platform packages end in their platform: `rollup-linux-x64-musl`. */
const partsOf = (name: string) => name.split(/[-/]/)
const osOf = (name: string) => listed('os', systems, name)
const cpuOf = (name: string) => listed('cpu', processors, name)
const libcOf = (name: string) =>
  partsOf(name).some(part => part.startsWith('musl')) ? { libc: ['musl'] } : {}

function listed(key: string, known: readonly string[], name: string) {
  const found = known.find(value => partsOf(name).includes(value))
  return found ? { [key]: [found] } : {}
}

if (import.meta.main) {
  const path = join(import.meta.dirname, '..', 'package-lock.json')
  const lock = readFileSync(path, 'utf8')
  const missing = missingFromLock(lock)
  writeFileSync(path, completeLock(lock))
  console.log(`${missing.length} packages of other platforms added to the lock file.`)
}
