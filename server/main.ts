import { fileURLToPath } from 'node:url'
import { BootRefused } from './boot-checks.ts'
import { composeServices } from './compose.ts'
import { ConfigError, readConfig } from './config.ts'
import { createOperationsApp } from './http/health.ts'
import { listen } from './http/listen.ts'
import { shutDownGracefully } from './http/shutdown.ts'
import { createLogger } from './log.ts'
import { readinessOf } from './readiness.ts'
import { createWeb } from './web.ts'

/** The web process: `npm run web`. */
try {
  const config = readConfig(process.env)
  const logger = createLogger(config.logLevel)
  const composed = await composeServices(config, logger)
  const state = { isDraining: () => false }
  const isDraining = () => state.isDraining()
  const readiness = readinessOf(composed, { kmsKeyId: config.kmsKeyId, isDraining })
  // Pages are built for production. React looks here when they load it: a demo, which may not say so itself, would be
  // rendered by the React that tells developers what they did wrong.
  process.env.NODE_ENV = 'production'
  const { app, metrics } = createWeb({
    config,
    services: composed.services,
    readiness,
    build: await import(new URL('../build/server/index.js', import.meta.url).href),
    clientFolder: fileURLToPath(new URL('../build/client', import.meta.url)),
  })
  // The demo's passwords are published: nobody but this machine may reach it.
  const servers = [await listen(app, { port: config.port, ...(config.isDemo ? { host: '127.0.0.1' } : {}) })]
  if (config.metricsPort !== undefined) {
    servers.push(
      await listen(createOperationsApp({ metrics, readiness, logger }), { port: config.metricsPort }),
    )
  }
  const shutdown = shutDownGracefully({
    logger,
    servers,
    close: () => composed.close(),
    // Nobody balances load in front of a demo.
    ...(config.isDemo ? { noticePeriod: 0, drainPeriod: 1_000 } : {}),
  })
  state.isDraining = shutdown.isDraining
  logger.info({ origin: config.appOrigin, port: config.port }, 'web is up')
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof BootRefused)) throw error
  console.error(error.message)
  process.exit(1)
}
