import { BootRefused } from '../server/boot-checks.ts'
import { composeServices } from '../server/compose.ts'
import { ConfigError, readConfig } from '../server/config.ts'
import { createLogger } from '../server/log.ts'
import { runWorker } from './run-worker.ts'

/** The worker process: `npm run worker`. */
try {
  const config = readConfig(process.env)
  await runWorker(await composeServices(config, createLogger(config.logLevel), { keepsQueue: true }))
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof BootRefused)) throw error
  console.error(error.message)
  process.exit(1)
}
