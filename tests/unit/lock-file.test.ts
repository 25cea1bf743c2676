import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { completeLock, missingFromLock } from '../../scripts/complete-lock.ts'

const lockFile = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')

test('the lock file names every platform’s packages, so that `npm ci` takes it wherever it runs', () => {
  expect(missingFromLock(lockFile).map(({ name }) => name)).toEqual([])
})

test('the lock file holds no address of a registry', () => {
  expect(lockFile).not.toContain('"resolved"')
})

test('a lock with a platform left out is completed by name and version', () => {
  const packages = {
    '': {},
    'node_modules/bundler': {
      version: '1.0.0',
      dev: true,
      optionalDependencies: { '@bundler/core-linux-x64-musl': '1.0.0' },
    },
  }
  const completed = JSON.parse(completeLock(JSON.stringify({ lockfileVersion: 3, packages })))
  expect(completed.packages['node_modules/@bundler/core-linux-x64-musl']).toEqual({
    version: '1.0.0',
    cpu: ['x64'],
    dev: true,
    libc: ['musl'],
    optional: true,
    os: ['linux'],
  })
})
