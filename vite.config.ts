import { vitePlugin as remix } from '@remix-run/dev'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import remixConfig from './remix.config.js'
import { lightIcons } from './vite/light-icons.ts'
import { loadersOnly } from './vite/loaders-only.ts'
import { serverOnlyFolders } from './vite/server-only.ts'

export default defineConfig(({ isSsrBuild }) => ({
  plugins: [
    serverOnlyFolders(['server', 'db', 'jobs', 'sandbox']),
    loadersOnly(['@remix-run/node']),
    lightIcons(),
    tailwindcss(),
    remix(remixConfig),
  ],
  build: {
    // The browsers that the stylesheet needs (Tailwind CSS 4): nothing is written for older ones.
    target: isSsrBuild ? 'node24' : ['chrome111', 'firefox128', 'safari16.4'],
    rollupOptions: {
      output: isSsrBuild ? {} : { manualChunks: partOfEveryPage },
      // Files that are downloaded are routes without a page: nothing of them is the browser's.
      onwarn: (warning, warn) => (warning.code === 'EMPTY_BUNDLE' ? undefined : warn(warning)),
    },
  },
}))

/**
 * The framework is one file, which a new version of the product leaves as it was, and what nearly every page shows is
 * another: forty small ones take forty requests, and compress worse one by one than together
 * (`npm run bench -- page-weight`).
 */
function partOfEveryPage(id: string): string | undefined {
  if (framework.test(id)) return 'framework'
  return everyPage.test(id) ? 'every-page' : undefined
}

const framework =
  /\/node_modules\/(react|react-dom|scheduler|react-router|react-router-dom|@remix-run|turbo-stream)\//
/** What only some pages show comes with them. */
const everyPage =
  /\/app\/components\/(ui\/(?!steps|consequences|confirm-form|checkbox|big-figure)|time\/|layout\/(?!auth-shell)|live\/(?!news-line)|controls\/freshness-word|decisions\/exception-states)|\/app\/lib\/create-icon|\/node_modules\/lucide-react\//
