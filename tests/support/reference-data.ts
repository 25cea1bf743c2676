import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = process.env.ATTESTRY_REFERENCE_DATA ?? '../shared/data'
const isRequired = process.env.ATTESTRY_REQUIRE_REFERENCE_DATA === '1'

/**
 * A suite on published reference data. Where the data is absent the suite is skipped and its name says so; where it
 * is required, absence is a failure.
 */
export function describeReference(name: string, file: string, suite: () => void): void {
  const path = join(root, file)
  if (existsSync(path)) describe(name, suite)
  else if (isRequired) test(name, () => expect.unreachable(`the reference data is missing: ${path}`))
  else
    describe.skip(`${name} (skipped: no reference data at ${path})`, () =>
      test('nothing to compare with', () => {}))
}

/** One JSON file of the reference data; call it inside a suite that is there. */
export function readReference(file: string): unknown {
  return JSON.parse(readFileSync(join(root, file), 'utf8'))
}

/** The names of the files in a folder of the reference data. */
export function listReference(folder: string): string[] {
  return readdirSync(join(root, folder)).sort()
}
