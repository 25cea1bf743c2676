import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vite'
import { listedInputs } from './vite/listed-inputs.ts'
import { readableSources } from './vite/readable-sources.ts'

const zodLicence = readFileSync(new URL('./node_modules/zod/LICENSE', import.meta.url), 'utf8')

/** What shapes the file without being in it. */
const besides = ['vite.verifier.config.ts', 'vite/readable-sources.ts', 'node_modules/zod/LICENSE'].map(
  path => join(import.meta.dirname, path),
)

const banner = `/*
 * Verifies an export of Attestry, offline: node verify.mjs FILE [--key KEY] [--checkpoint FILE] [--at INSTANT] [--json]
 * It needs Node 20.15 or later and nothing else. \`npm run build\` makes it from server/verifier and the rules that the product
 * itself judges by, without their types. Apache-2.0, as is canonicalize, which is inside; so is zod:
 *
${zodLicence
  .trim()
  .split('\n')
  .map(line => ` * ${line}`.trimEnd())
  .join('\n')}
 */`

/**
 * The verifier as one file that every export carries: plain Node, no package, to be read by whoever wants to know what it
 * does. The same sources lead to the same bytes.
 */
export default defineConfig({
  plugins: [readableSources(), listedInputs(besides)],
  build: {
    ssr: 'server/verifier/main.ts',
    outDir: 'build/verifier',
    target: 'node20',
    minify: false,
    rollupOptions: {
      output: { entryFileNames: 'verify.mjs', format: 'es', inlineDynamicImports: true, banner },
      // A library's hints to other bundlers: what cannot be read is not used.
      onwarn: (warning, warn) => (warning.code === 'INVALID_ANNOTATION' ? undefined : warn(warning)),
    },
  },
  esbuild: false,
  ssr: { noExternal: true },
})
