import { knownMigrations } from '../db/migrate.ts'
import { appliedMigrations } from './boot-checks.ts'
import type { Composed } from './compose.ts'
import type { Readiness } from './http/health.ts'

/** Ready when the database answers as the app's role, is migrated, the key service knows its key, and the queue runs. */
export function readinessOf(
  { services, kms, boss }: Composed,
  options: { kmsKeyId: string; isDraining: () => boolean },
): Readiness {
  const known = knownMigrations()
  return async () => ({
    process: !options.isDraining() || 'draining',
    migrations: await answers(async () => (await appliedMigrations(services.database)) === (await known)),
    kms: await answers(() => kms.check(options.kmsKeyId).then(() => true)),
    queue: await answers(async () => (await boss.isInstalled()) === true),
  })
}

async function answers(check: () => Promise<boolean>): Promise<boolean | string> {
  try {
    return (await check()) || 'not as it should be'
  } catch (error) {
    return error instanceof Error ? error.message : 'failed'
  }
}
