import { fileURLToPath } from 'node:url'
import { composeServices } from '../../../server/compose.ts'
import { readConfig } from '../../../server/config.ts'
import { listen } from '../../../server/http/listen.ts'
import { createLogger } from '../../../server/log.ts'
import { readinessOf } from '../../../server/readiness.ts'
import { createWeb } from '../../../server/web.ts'

/* The web process as it is deployed, on a port of its own, with static routes beside the product's. */

for (const end of ['disconnect', 'SIGTERM'] as const) process.on(end, () => process.exit())

const config = readConfig(process.env)
// What a deployment sets, and a demo may not: React and Remix look at it when they are loaded.
process.env.NODE_ENV = 'production'
const { withStaticRoutes } = await import('./static-routes.ts')
const build = await import(new URL('../../../build/server/index.js', import.meta.url).href)
const composed = await composeServices(config, createLogger('error'))
const { app } = createWeb({
  config,
  services: composed.services,
  readiness: readinessOf(composed, { kmsKeyId: config.kmsKeyId, isDraining: () => false }),
  build: withStaticRoutes(build),
  clientFolder: fileURLToPath(new URL('../../../build/client', import.meta.url)),
})
const server = await listen(app, { port: 0, host: '127.0.0.1' })
const address = server.address()
if (address === null || typeof address === 'string') throw new Error('the server has no port')
process.send?.(address.port)
