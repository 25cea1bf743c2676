import { environmentSchema, refusedTogether } from './environment.ts'
import type { Secret } from './vault/secret.ts'

/** Everything the processes take from their environment, checked and typed. Addresses that hold a password are secrets. */
export interface Config {
  readonly isProduction: boolean
  /** Stand-ins and published sign-ins are allowed. Never true in production. */
  readonly isDemo: boolean
  /** Where people reach the product: scheme, host and port, no path. */
  readonly appOrigin: string
  readonly port: number
  readonly databaseUrl: Secret
  /** Only migrations need it. */
  readonly databaseOwnerUrl: Secret | undefined
  /** Past a pooler, for what needs a session. */
  readonly databaseDirectUrl: Secret | undefined
  /** A session is kept, or the pooler knows what was prepared on which. */
  readonly preparesStatements: boolean
  /** Only purges need it. */
  readonly databaseRetentionUrl: Secret | undefined
  readonly authSecret: Secret
  readonly kmsKeyId: string
  readonly kmsSigningKeyId: string
  readonly smtpUrl: Secret
  readonly mailFrom: string
  /** Addresses and ranges whose X-Forwarded-* headers are believed. */
  readonly trustedProxies: readonly string[]
  /** Health and metrics on a port of their own. */
  readonly metricsPort: number | undefined
  readonly registration: 'open' | 'invite'
  /** Loopback stand-ins in place of Microsoft's hosts. */
  readonly entraLoginOrigin: string | undefined
  readonly entraGraphOrigin: string | undefined
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
}

/** Refused settings, one line each. Values are never repeated. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? 'One setting needs' : `${problems.length} settings need`
    super(`${count} attention before this can start:\n${problems.map(line => `  - ${line}`).join('\n')}`)
    this.problems = problems
  }
}

/**
 * Reads the environment once, in a composition root. The AWS SDK reads its own variables itself; that a region is set
 * is checked here.
 * @throws {ConfigError} with everything that is missing or malformed at once.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  )
  const parsed = environmentSchema.safeParse(given)
  const problems = [
    ...(parsed.error?.issues ?? []).map(issue => `${issue.path.join('.')} ${issue.message}`),
    ...refusedTogether(given),
  ]
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems)
  const values = parsed.data
  return {
    isProduction: values.NODE_ENV === 'production',
    isDemo: values.ATTESTRY_DEMO === '1',
    appOrigin: values.APP_ORIGIN,
    port: values.PORT,
    databaseUrl: values.DATABASE_URL,
    databaseOwnerUrl: values.DATABASE_OWNER_URL,
    databaseDirectUrl: values.DATABASE_DIRECT_URL,
    preparesStatements:
      values.DATABASE_POOLER_PREPARES === '1' ||
      (values.DATABASE_DIRECT_URL ?? values.DATABASE_URL).reveal() === values.DATABASE_URL.reveal(),
    databaseRetentionUrl: values.DATABASE_RETENTION_URL,
    authSecret: values.AUTH_SECRET,
    kmsKeyId: values.KMS_KEY_ID,
    kmsSigningKeyId: values.KMS_SIGNING_KEY_ID,
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM,
    trustedProxies: values.TRUSTED_PROXIES,
    metricsPort: values.METRICS_PORT,
    registration: values.REGISTRATION,
    entraLoginOrigin: values.ENTRA_LOGIN_ORIGIN,
    entraGraphOrigin: values.ENTRA_GRAPH_ORIGIN,
    logLevel: values.LOG_LEVEL,
  }
}
