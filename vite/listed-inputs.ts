import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import type { Plugin } from 'vite'

/** Writes beside the build which files it was made from, each with its SHA-256: as long as they stay, so does the build. */
export function listedInputs(besides: readonly string[], root = process.cwd()): Plugin {
  const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')
  return {
    name: 'listed-inputs',
    generateBundle() {
      const modules = [...this.getModuleIds()].filter(id => id.startsWith(root + sep))
      const paths = [...modules, ...besides].map(path => relative(root, path)).sort()
      const inputs = Object.fromEntries(paths.map(path => [path, hashOf(path)]))
      this.emitFile({ type: 'asset', fileName: 'inputs.json', source: JSON.stringify(inputs, null, 2) })
    },
  }
}
