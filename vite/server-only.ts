import { resolve, sep } from 'node:path'
import type { Plugin } from 'vite'

/**
 * Fails the build when anything under `app/` reaches one of these folders at run time. Type-only imports are erased
 * before and stay allowed. This holds for the browser (secrets, weight) and for the server build too, which would
 * otherwise carry a second copy of every pool and cache.
 */
export function serverOnlyFolders(folders: string[], root = process.cwd()): Plugin {
  const roots = folders.map(folder => resolve(root, folder) + sep)
  return {
    name: 'server-only-folders',
    enforce: 'pre',
    async resolveId(id, importer, options) {
      if (!importer) return null
      const resolved = await this.resolve(id, importer, { ...options, skipSelf: true })
      if (resolved && roots.some(folder => resolved.id.startsWith(folder))) {
        throw new Error(`${resolved.id} is server-only but is imported by ${importer}; import types only`)
      }
      return resolved
    },
  }
}
