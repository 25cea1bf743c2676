import type { Plugin } from 'vite'

/**
 * What only loaders and actions import stands for nothing in the browser's build, which leaves both out: their packages are
 * not read for it, and whatever of them were left would be undefined.
 */
export function loadersOnly(packages: readonly string[]): Plugin {
  return {
    name: 'loaders-only',
    enforce: 'pre',
    resolveId: (id, _importer, { ssr }) => (!ssr && packages.includes(id) ? nothing : null),
    load: id => (id === nothing ? { code: 'export default {}', syntheticNamedExports: true } : null),
  }
}

const nothing = '\0loaders-only'
