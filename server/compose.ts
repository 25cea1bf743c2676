import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import { z } from 'zod'
import { Database } from '../db/client.ts'
import { queueSchema } from '../db/queues.ts'
import { alertsFollow } from './alerts/react-to-events.ts'
import { createAuth } from './auth/auth.ts'
import { checkDatabase } from './boot-checks.ts'
import { systemClock } from './clock.ts'
import type { Config } from './config.ts'
import { createEntraConnector } from './connectors/entra/connector.ts'
import { createConnectorRegistry } from './connectors/registry.ts'
import { usualLease } from './evidence/lease.ts'
import { createLedger } from './ledger/ledger.ts'
import { createMailer } from './mail.ts'
import { project } from './projections/project.ts'
import { createQueue, sealShortly } from './queue.ts'
import { createPurgeLedger } from './retention/purge-ledger.ts'
import type { Services } from './services.ts'
import { createKms, type Kms } from './vault/kms.ts'
import { createKmsSigner } from './vault/kms-signer.ts'
import { createVault } from './vault/vault.ts'
import { createPostWebhook } from './webhooks/post.ts'

export interface Composed {
  services: Services
  boss: PgBoss
  kms: Kms
  close(): Promise<void>
}

/**
 * Puts the services of one process together, on a database that it may and can run on. The queue is connected, and works on nothing yet; its upkeep (expired
 * jobs, schedules) is the workers'.
 * @throws {BootRefused}
 */
export async function composeServices(
  config: Config,
  logger: Logger,
  options: { keepsQueue?: boolean; leaseSeconds?: number } = {},
): Promise<Composed> {
  const database = new Database(config.databaseUrl.reveal(), {
    ...(config.databaseDirectUrl ? { directUrl: config.databaseDirectUrl.reveal() } : {}),
    prepares: config.preparesStatements,
  })
  await checkDatabase(database).catch(async (error: unknown) => {
    await database.close()
    throw error
  })
  const retentionUrl = config.databaseRetentionUrl?.reveal()
  const retention =
    retentionUrl === undefined
      ? null
      : new Database(retentionUrl, { max: 2, prepares: config.preparesStatements })
  const boss = new PgBoss({
    connectionString: (config.databaseDirectUrl ?? config.databaseUrl).reveal(),
    schema: queueSchema,
    migrate: false,
    createSchema: false,
    supervise: options.keepsQueue ?? false,
    schedule: options.keepsQueue ?? false,
    max: 4,
  })
  boss.on('error', error => logger.error({ err: error }, 'queue'))
  await boss.start()
  const clock = systemClock
  const kms = createKms()
  const mailer = createMailer({ smtpUrl: config.smtpUrl, from: config.mailFrom })
  const vault = createVault({ kms, kmsKeyId: config.kmsKeyId, clock })
  const signer = createKmsSigner({ kms, kmsKeyId: config.kmsSigningKeyId, clock })
  const queue = createQueue(boss)
  const entra = createEntraConnector({
    loginOrigin: config.entraLoginOrigin,
    graphOrigin: config.entraGraphOrigin,
    collectorVersion: await productVersion(),
    logger,
  })
  const rules = { allowLoopback: config.isDemo }
  const services: Services = {
    appOrigin: config.appOrigin,
    registration: config.registration,
    verifierFile: fileURLToPath(new URL('../build/verifier/verify.mjs', import.meta.url)),
    clock,
    leaseSeconds: options.leaseSeconds ?? usualLease,
    database,
    ledger: createLedger({
      database,
      clock,
      project,
      react: alertsFollow(queue),
      followUp: sealShortly(queue),
    }),
    purgeLedger: retention && createPurgeLedger(retention, clock),
    vault,
    signer,
    connectors: createConnectorRegistry([entra]),
    queue,
    auth: createAuth({ database, config, mailer, logger }),
    mailer,
    webhooks: { rules, post: createPostWebhook(rules) },
    logger,
  }
  return {
    services,
    boss,
    kms,
    async close() {
      await boss.stop({ graceful: true, timeout: 20_000 })
      vault.close()
      kms.close()
      mailer.close()
      await Promise.all([database.close(), retention?.close()])
    },
  }
}

async function productVersion(): Promise<string> {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(manifest)).version
}
