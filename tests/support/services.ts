import { pino } from 'pino'
import type { Database } from '../../db/client.ts'
import { type KmsStandIn, startKms } from '../../sandbox/kms/start-kms.ts'
import { type SmtpStandIn, startSmtp } from '../../sandbox/smtp/start-smtp.ts'
import { alertsFollow } from '../../server/alerts/react-to-events.ts'
import { createAuth } from '../../server/auth/auth.ts'
import type { Clock } from '../../server/clock.ts'
import { createEntraConnector } from '../../server/connectors/entra/connector.ts'
import { createConnectorRegistry } from '../../server/connectors/registry.ts'
import { usualLease } from '../../server/evidence/lease.ts'
import { createLedger } from '../../server/ledger/ledger.ts'
import { createMailer } from '../../server/mail.ts'
import { project } from '../../server/projections/project.ts'
import { type JobName, type JobPayload, jobSchemas, type Queue, sealShortly } from '../../server/queue.ts'
import { createPurgeLedger } from '../../server/retention/purge-ledger.ts'
import type { Services } from '../../server/services.ts'
import { createKms } from '../../server/vault/kms.ts'
import { createKmsSigner } from '../../server/vault/kms-signer.ts'
import { Secret } from '../../server/vault/secret.ts'
import { createVault } from '../../server/vault/vault.ts'
import { createPostWebhook } from '../../server/webhooks/post.ts'
import { afterwards } from './afterwards.ts'
import { type TestDatabase, useDatabase } from './database.ts'

/** A job as it was enqueued; the queue's own clock is real, so that tests dispatch what is due on theirs. */
export interface EnqueuedJob<N extends JobName = JobName> {
  name: N
  payload: JobPayload<N>
  startAfter: Date | null
}

export interface TestServices {
  services: Services
  /** Every job but seals, which each append brings. */
  jobs: EnqueuedJob[]
  seals: EnqueuedJob[]
  kms: KmsStandIn
  smtp: SmtpStandIn
  db: TestDatabase
}

/** Archives hold some file here: the verifier is tested where it is built. */
const verifierFile = import.meta.filename

export const appOrigin = 'http://localhost:3000'

/** The product's services on a database of the file's own, KMS and SMTP over loopback, with a queue that tests dispatch. */
export async function useServices(options: {
  clock: Clock
  entraOrigin: () => string
  leaseSeconds?: number
}): Promise<TestServices> {
  const db = await useDatabase()
  const kms = await startKms()
  const smtp = await startSmtp()
  const retention = db.connect('retention', { max: 2 })
  const { close, ...composed } = composeTestServices({
    database: db.database,
    retention,
    clock: options.clock,
    entraOrigin: options.entraOrigin(),
    kms,
    smtpUrl: smtp.smtpUrl,
    leaseSeconds: options.leaseSeconds ?? usualLease,
  })
  afterwards(async () => {
    close()
    await Promise.all([kms.stop(), smtp.stop(), retention.close()])
  })
  return { ...composed, kms, smtp, db }
}

/** The same on a database and stand-ins that are there already. */
export function composeTestServices(options: {
  database: Database
  clock: Clock
  entraOrigin: string
  kms: Pick<KmsStandIn, 'origin' | 'keyId' | 'signingKeyId'>
  smtpUrl: string
  leaseSeconds: number
  /** As the role that removes bodies. */
  retention?: Database
  /** Takes the jobs in place of the lists. */
  queue?: Queue
}): Pick<TestServices, 'services' | 'jobs' | 'seals'> & { close(): void } {
  const { database, clock, entraOrigin, kms, smtpUrl, leaseSeconds, retention = null } = options
  const jobs: EnqueuedJob[] = []
  const seals: EnqueuedJob[] = []
  const queue: Queue = options.queue ?? {
    async enqueue(_transaction, name, payload, more = {}) {
      jobSchemas[name].parse(payload)
      const list = name === 'seal' ? seals : jobs
      list.push({ name, payload, startAfter: more.startAfter ?? null })
    },
    async enqueueAll(transaction, all) {
      for (const { name, payload, startAfter } of all)
        await queue.enqueue(transaction, name, payload, startAfter ? { startAfter } : {})
    },
  }
  const logger = pino({ level: 'silent' })
  const kmsClient = createKms({
    endpoint: kms.origin,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  const vault = createVault({ kms: kmsClient, kmsKeyId: kms.keyId, clock })
  const signer = createKmsSigner({ kms: kmsClient, kmsKeyId: kms.signingKeyId, clock })
  const mailer = createMailer({ smtpUrl: new Secret(smtpUrl), from: 'Attestry <attestry@example.com>' })
  const entra = createEntraConnector({
    loginOrigin: entraOrigin,
    graphOrigin: entraOrigin,
    collectorVersion: 'test',
    logger,
  })
  // Receivers of the tests are on this machine.
  const rules = { allowLoopback: true }
  const config = { appOrigin, authSecret: new Secret('a-secret-that-only-tests-use-0123456789') }
  return {
    services: {
      appOrigin,
      registration: 'open',
      verifierFile,
      clock,
      leaseSeconds,
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
    },
    jobs,
    seals,
    close() {
      vault.close()
      kmsClient.close()
      mailer.close()
    },
  }
}
