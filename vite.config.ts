import { vitePlugin as remix } from '@remix-run/dev'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import remixConfig from './remix.config.js'
import { serverOnlyFolders } from './vite/server-only.ts'

export default defineConfig({
  plugins: [serverOnlyFolders(['server', 'db', 'jobs', 'sandbox']), tailwindcss(), remix(remixConfig)],
})
