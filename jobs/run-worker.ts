import closeWithGrace from 'close-with-grace'
import { BootRefused, checkRole } from '../server/boot-checks.ts'
import type { Composed } from '../server/compose.ts'
import { startWork } from './work.ts'

/**
 * Works until a signal or an error nobody caught ends the process: running syncs hand back their lease first.
 * @throws {BootRefused}
 */
export async function runWorker(composed: Composed): Promise<void> {
  const { services } = composed
  const { logger } = services
  if (!services.purgeLedger) throw new BootRefused(withoutPurges)
  await checkRole(services.purgeLedger.database, 'DATABASE_RETENTION_URL', 'attestry_retention')
  const shutdown = new AbortController()
  await startWork(composed, shutdown.signal)
  closeWithGrace({ delay: 30_000 }, async ({ err, signal }) => {
    if (err) logger.error({ err }, 'an error nobody caught; shutting down')
    else logger.info({ signal }, 'shutting down')
    shutdown.abort(new Error('the worker is shutting down'))
    await composed.close()
  })
  logger.info('worker is up')
}

const withoutPurges =
  'DATABASE_RETENTION_URL is missing: PostgreSQL as the role attestry_retention. Without it nothing is ever removed, neither by retention nor for a person who asks.'
