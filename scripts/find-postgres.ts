import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Versions before the one from npm that the schema must load on. */
const versions = [15, 16, 17]

/** Where packages put a version's programs: Debian's, PostgreSQL's own for RHEL, Homebrew's on either processor. */
const places = [
  (version: number) => `/usr/lib/postgresql/${version}/bin`,
  (version: number) => `/usr/pgsql-${version}/bin`,
  (version: number) => `/opt/homebrew/opt/postgresql@${version}/bin`,
  (version: number) => `/usr/local/opt/postgresql@${version}/bin`,
]

/** The oldest PostgreSQL from 15 to 17 that is installed, and the folder of its programs. */
export function findOlderPostgres(): { version: number; programs: string } | null {
  for (const version of versions) {
    const programs = places.map(place => place(version)).find(hasServer)
    if (programs) return { version, programs }
  }
  return null
}

const hasServer = (programs: string) => ['initdb', 'postgres'].every(name => existsSync(join(programs, name)))
