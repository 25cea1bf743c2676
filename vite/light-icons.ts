import { resolve } from 'node:path'
import type { Plugin } from 'vite'

/** Makes lucide-react's icons by a function of our own, on the server as in the browser: pages load their pictures alone. */
export function lightIcons(root = process.cwd()): Plugin {
  return {
    name: 'light-icons',
    enforce: 'pre',
    // What stays outside of the server's build would be made the other way there.
    config: () => ({ ssr: { noExternal: ['lucide-react'] } }),
    resolveId: (id, importer) =>
      importer?.includes('/lucide-react/') && id.endsWith('/createLucideIcon.mjs')
        ? resolve(root, 'app/lib/create-icon.ts')
        : null,
  }
}
