import { hash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { longestPassword, shortestPassword } from '../server/auth/password-policy.ts'

/*
 * `node scripts/list-leaked-passwords.ts FILE …`: writes server/auth/leaked-passwords.bin from lists of leaked passwords,
 * one a line: of each that is long enough to be chosen here, in lower case, the first 8 bytes of its SHA-256, sorted.
 */
const long = new Set(
  process.argv
    .slice(2)
    .flatMap(file => readFileSync(file, 'utf8').split(/\r?\n/))
    .filter(({ length }) => length >= shortestPassword && length <= longestPassword)
    .map(password => hash('sha256', password.toLowerCase(), 'buffer').subarray(0, 8).toString('hex')),
)
const file = join(import.meta.dirname, '..', 'server', 'auth', 'leaked-passwords.bin')
writeFileSync(file, Buffer.from([...long].toSorted().join(''), 'hex'))
console.log(`${long.size} passwords`)
