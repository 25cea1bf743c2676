import type { Logger } from 'pino'
import type { Database } from '../db/client.ts'
import type { Auth } from './auth/auth.ts'
import type { Clock } from './clock.ts'
import type { ConnectorRegistry } from './connectors/registry.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { LogSigner } from './ledger/log-signer.ts'
import type { Mailer } from './mail.ts'
import type { Queue } from './queue.ts'
import type { Vault } from './vault/vault.ts'
import type { PostWebhook } from './webhooks/post.ts'
import type { TargetRules } from './webhooks/target.ts'

/** What the use cases work with, put together once per process by a composition root. */
export interface Services {
  /** The deployment's own origin, without a trailing slash. */
  readonly appOrigin: string
  readonly registration: 'open' | 'invite'
  /** Where the build put the verifier that every archive holds. */
  readonly verifierFile: string
  readonly clock: Clock
  /** Seconds after which a run that says nothing has lost its connection. */
  readonly leaseSeconds: number
  readonly database: Database
  readonly ledger: Ledger
  /** Over the purge's own connection; null where the process was given none. */
  readonly purgeLedger: Ledger | null
  readonly vault: Vault
  readonly signer: LogSigner
  readonly connectors: ConnectorRegistry
  readonly queue: Queue
  readonly auth: Auth
  readonly mailer: Mailer
  /** Which addresses may be posted to, and what posts to them. */
  readonly webhooks: { readonly rules: TargetRules; readonly post: PostWebhook }
  readonly logger: Logger
}
