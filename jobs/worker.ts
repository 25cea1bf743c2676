import closeWithGrace from 'close-with-grace'
import { BootRefused, checkDatabase } from '../server/boot-checks.ts'
import { composeServices } from '../server/compose.ts'
import { ConfigError, readConfig } from '../server/config.ts'
import { createLogger } from '../server/log.ts'
import { startWork } from './work.ts'

/** The worker process: `npm run worker`. */
try {
  const config = readConfig(process.env)
  const logger = createLogger(config.logLevel)
  const composed = await composeServices(config, logger, { keepsQueue: true })
  await checkDatabase(composed.services.database)
  const shutdown = new AbortController()
  await startWork(composed, shutdown.signal)
  closeWithGrace({ delay: 30_000 }, async ({ err, signal }) => {
    if (err) logger.error({ err }, 'an error nobody caught; shutting down')
    else logger.info({ signal }, 'shutting down')
    shutdown.abort(new Error('the worker is shutting down'))
    await composed.close()
  })
  logger.info('worker is up')
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof BootRefused)) throw error
  console.error(error.message)
  process.exit(1)
}
