import { execFileSync } from 'node:child_process'
import { z } from 'zod'
import packageJson from '../package.json' with { type: 'json' }

/*
 * `npm run -s sbom > FILE`: every package of the lock file as CycloneDX JSON, by npm itself and without the network. npm
 * calls the product by the name of its folder; here it has its own.
 */

const bomSchema = z.looseObject({ metadata: z.looseObject({ component: z.looseObject({}) }) })

const flags = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only']
const npm = process.env.npm_execpath
const written = npm
  ? execFileSync(process.execPath, [npm, ...flags], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  : execFileSync('npm', flags, {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      shell: process.platform === 'win32',
    })
const bom = z.record(z.string(), z.unknown()).parse(JSON.parse(written))
const { metadata } = bomSchema.parse(bom)
const component = { ...metadata.component, name: packageJson.name }
process.stdout.write(`${JSON.stringify({ ...bom, metadata: { ...metadata, component } }, null, 2)}\n`)
