import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const doc = readFileSync(join(root, 'docs/security.md'), 'utf8')
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
}).split('\n')

/** Names of files and folders in code marks; whole, or their last parts. */
const named = [...new Set([...doc.matchAll(/`([^`\s]+)`/g)].map(([, name = '']) => name))].filter(
  name =>
    /^[\w./*$-]+$/.test(name) &&
    /\.(ts|tsx|txt|json|md|sql|cjs)$|^[a-z]+\/[\w/-]+\/?$|^Containerfile$/.test(name),
)

test('every file and folder that docs/security.md names is there', () => {
  expect(named.length).toBeGreaterThan(100)
  expect(named.filter(name => !isThere(name))).toEqual([])
})

function isThere(name: string): boolean {
  const parts = name
    .replace(/\/$/, '')
    .split('*')
    .map(part => part.replaceAll('.', '\\.'))
  const pattern = new RegExp(`(^|/)${parts.join('[^/]*')}($|/)`)
  return files.some(file => pattern.test(file))
}

/** How many requirements of the levels 1 and 2 each section of ASVS 5.0.0 has. Source: OWASP's own list. */
// biome-ignore format: one line a chapter
const sections: Readonly<Record<string, number>> = {
  '1.1': 2, '1.2': 9, '1.3': 11, '1.4': 3, '1.5': 2,
  '2.1': 3, '2.2': 3, '2.3': 4, '2.4': 1,
  '3.2': 2, '3.3': 4, '3.4': 6, '3.5': 5, '3.7': 2,
  '4.1': 3, '4.2': 1, '4.3': 2, '4.4': 4,
  '5.1': 1, '5.2': 3, '5.3': 2, '5.4': 3,
  '6.1': 3, '6.2': 12, '6.3': 4, '6.4': 4, '6.5': 5, '6.6': 3, '6.8': 4,
  '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 2, '7.6': 2,
  '8.1': 2, '8.2': 3, '8.3': 1, '8.4': 1,
  '9.1': 3, '9.2': 4,
  '10.1': 2, '10.2': 2, '10.3': 4, '10.4': 11, '10.5': 5, '10.6': 2, '10.7': 3,
  '11.1': 2, '11.2': 3, '11.3': 3, '11.4': 4, '11.5': 1, '11.6': 1,
  '12.1': 3, '12.2': 2, '12.3': 4,
  '13.1': 1, '13.2': 5, '13.3': 2, '13.4': 5,
  '14.1': 2, '14.2': 4, '14.3': 3,
  '15.1': 3, '15.2': 3, '15.3': 7,
  '16.1': 1, '16.2': 5, '16.3': 4, '16.4': 3, '16.5': 3,
  '17.1': 1, '17.2': 4, '17.3': 2,
}

test('every requirement of ASVS 5.0.0, levels 1 and 2, is answered once, with a state', () => {
  const wanted = Object.entries(sections).flatMap(([section, count]) =>
    Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
  )
  const rows = [...doc.matchAll(/^\| ([\d., ]+) +\| *(.*)$/gm)]
  const answered = rows.flatMap(([, ids = '']) => ids.split(',').map(id => id.trim()))
  expect(answered.toSorted()).toEqual(wanted.toSorted())
  const single = rows.filter(([, ids = '', rest = '']) => !ids.includes(',') && rest.split('|').length > 2)
  for (const [row, , rest = ''] of single) expect(rest, row).toMatch(/^(met|partly|not met|operator) +\|/)
})
