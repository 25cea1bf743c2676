import { knownMigrations } from '../db/migrate.ts'
import { schemaProblem } from './boot-checks.ts'
import type { Composed } from './compose.ts'
import type { Readiness } from './http/health.ts'

/** Ready when the database answers as the app's role, has a schema that this build serves, the key service knows its key, and the queue runs. */
export function readinessOf(
  { services, kms, boss }: Composed,
  options: { kmsKeyId: string; isDraining: () => boolean },
): Readiness {
  const known = knownMigrations()
  return async () => ({
    process: !options.isDraining() || 'draining',
    migrations: await answers(async () => (await schemaProblem(services.database, await known)) ?? true),
    kms: await answers(() => kms.check(options.kmsKeyId).then(() => true)),
    queue: await answers(async () => (await boss.isInstalled()) === true),
  })
}

async function answers(check: () => Promise<boolean | string>): Promise<boolean | string> {
  try {
    return (await check()) || 'not as it should be'
  } catch (error) {
    return error instanceof Error ? error.message : 'failed'
  }
}
