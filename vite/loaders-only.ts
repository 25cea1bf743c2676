import type { Plugin } from 'vite'

/**
 * What only loaders and actions import stands for nothing in the browser's build, which leaves both out: their packages are
 * not read for it. Fails the build where something of them would be used in the browser after all.
 */
export function loadersOnly(packages: readonly string[]): Plugin {
  return {
    name: 'loaders-only',
    enforce: 'pre',
    resolveId: (id, _importer, { ssr }) => (!ssr && packages.includes(id) ? nothing : null),
    load: id => (id === nothing ? { code: 'export default {}', syntheticNamedExports: true } : null),
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk' || !file.modules[nothing]?.renderedLength) continue
        throw new Error(
          `${file.fileName} would use ${packages.join(' or ')} in the browser: loaders and actions alone may`,
        )
      }
    },
  }
}

const nothing = '\0loaders-only'
