import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const named = z.record(z.string(), z.string())
const product = z
  .object({
    dependencies: named,
    devDependencies: named,
    optionalDependencies: named,
    allowScripts: z.record(z.string(), z.boolean()),
  })
  .parse(JSON.parse(read('package.json')))
const direct = { ...product.dependencies, ...product.devDependencies, ...product.optionalDependencies }

const lock = z
  .object({
    packages: z.record(
      z.string(),
      z.object({
        version: z.string().optional(),
        /** Where it is installed under another name. */
        name: z.string().optional(),
        hasInstallScript: z.boolean().optional(),
      }),
    ),
  })
  .parse(JSON.parse(read('package-lock.json')))
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

test('each direct dependency has one line that says why it is there, and no line is of one that left', () => {
  const lines = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` +\| +\S.*\|$/gm)].map(
    ([, name]) => name,
  )
  expect(lines.toSorted()).toEqual(Object.keys(direct).toSorted())
})

test('each direct dependency names one version, and the lock file has that one', () => {
  for (const [name, version] of Object.entries(direct)) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+[\w.-]*$/)
    expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version)
  }
})

test('whether a package may run a script at its install is decided for each that has one', () => {
  const scripted = Object.entries(lock.packages).flatMap(([path, entry]) =>
    entry.hasInstallScript ? [nameOf(path)] : [],
  )
  expect(Object.keys(product.allowScripts).toSorted()).toEqual([...new Set(scripted)].toSorted())
})

test('the list of what is in it names every package of the lock file under the product’s own name', () => {
  const bom = z
    .object({
      bomFormat: z.literal('CycloneDX'),
      metadata: z.object({ component: z.object({ name: z.string() }) }),
      components: z.array(z.object({ name: z.string(), version: z.string() })),
    })
    .parse(
      JSON.parse(
        execFileSync(process.execPath, ['scripts/sbom.ts'], {
          cwd: root,
          encoding: 'utf8',
          maxBuffer: 2 ** 26,
        }),
      ),
    )
  expect(bom.metadata.component.name).toBe('attestry')
  const listed = new Set(bom.components.map(({ name, version }) => `${name}@${version}`))
  // One that is installed under another name is listed by either.
  const missing = Object.entries(lock.packages).filter(
    ([path, { version, name }]) =>
      path !== '' && ![name, nameOf(path)].some(each => listed.has(`${each}@${version}`)),
  )
  expect(missing.map(([path]) => path)).toEqual([])
})
