import { isIP } from 'node:net'
import { z } from 'zod'
import { Secret } from './vault/secret.ts'

/** Each variable by itself. A problem reads on from the variable's name. */
export const environmentSchema = z.object({
  NODE_ENV: z.string().optional(),
  ATTESTRY_DEMO: z.enum(['0', '1'], 'is malformed: it takes 1 or 0.').optional(),
  APP_ORIGIN: origin('the address people open, such as https://attestry.example.com'),
  PORT: port().default(3000),
  DATABASE_URL: postgresUrl('as the role attestry_app'),
  DATABASE_OWNER_URL: postgresUrl('as the role attestry_owner').optional(),
  DATABASE_DIRECT_URL: postgresUrl('past the pooler').optional(),
  DATABASE_POOLER_PREPARES: z.enum(['0', '1'], 'is malformed: it takes 1 or 0.').default('0'),
  DATABASE_RETENTION_URL: postgresUrl('as the role attestry_retention').optional(),
  AUTH_SECRET: text(
    'at least 32 random characters that sign sessions, such as from `openssl rand -base64 48`',
  )
    .min(32, 'is too short: it takes at least 32 characters.')
    .transform(value => new Secret(value)),
  KMS_KEY_ID: text('the id or ARN of the key that wraps data keys'),
  KMS_SIGNING_KEY_ID: text('the id or ARN of the key that signs checkpoints'),
  AWS_REGION: text('the region of the KMS keys'),
  SMTP_URL: secretUrl('the mail server, such as smtps://user:password@mail.example.com', [
    'smtp://',
    'smtps://',
  ]),
  MAIL_FROM: text('the sender of mails, such as Attestry <attestry@example.com>').regex(
    /^(?:[^<>@\r\n"]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/,
    'is malformed: it takes an address, or a name and an address in angle brackets.',
  ),
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform(value =>
      value
        .split(',')
        .map(part => part.trim())
        .filter(part => part !== ''),
    )
    .refine(
      proxies => proxies.every(isProxy),
      'is malformed: it takes IP addresses or ranges, separated by commas.',
    ),
  METRICS_PORT: port().optional(),
  REGISTRATION: z.enum(['open', 'invite'], 'is malformed: it takes open or invite.').default('open'),
  ENTRA_LOGIN_ORIGIN: origin('the stand-in for Microsoft’s host').optional(),
  ENTRA_GRAPH_ORIGIN: origin('the stand-in for Microsoft’s host').optional(),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error'], 'is malformed: it takes debug, info, warn or error.')
    .default('info'),
})

/** What each variable allows by itself but not beside the others. Read from the raw values, so that all is told at once. */
export function refusedTogether(env: Readonly<Record<string, string>>): string[] {
  const isProduction = env.NODE_ENV === 'production'
  const isDemo = env.ATTESTRY_DEMO === '1'
  const problems: string[] = []
  const refuse = (name: string, isRefused: (value: string) => boolean, reason: string) => {
    const value = env[name]
    if (value !== undefined && isRefused(value)) problems.push(`${name} ${reason}`)
  }
  if (isProduction) {
    refuse(
      'ATTESTRY_DEMO',
      () => isDemo,
      'is refused with NODE_ENV=production: the demo has published sign-ins.',
    )
    refuse(
      'APP_ORIGIN',
      value => isOrigin(value) && !value.startsWith('https://') && !isLoopback(value),
      'takes https:// with NODE_ENV=production.',
    )
    for (const name of databaseVariables) {
      refuse(
        name,
        isUnverified,
        'needs sslmode=verify-full with NODE_ENV=production, unless the server is on this machine.',
      )
    }
  }
  for (const name of ['ENTRA_LOGIN_ORIGIN', 'ENTRA_GRAPH_ORIGIN']) {
    refuse(
      name,
      () => isProduction,
      'is refused with NODE_ENV=production: only Microsoft’s own hosts are used there.',
    )
    refuse(
      name,
      value => isOrigin(value) && !isLoopback(value),
      'is refused: a stand-in may only be on this machine (127.0.0.1, [::1] or localhost).',
    )
  }
  refuse(
    'AUTH_SECRET',
    value => !isDemo && value.length >= 32 && isKnownSecret(value),
    'is refused: it is a published or placeholder value.',
  )
  return problems
}

const databaseVariables = [
  'DATABASE_URL',
  'DATABASE_OWNER_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_RETENTION_URL',
]

function text(purpose: string) {
  return z.string(`is missing: ${purpose}.`)
}

function secretUrl(purpose: string, protocols: readonly string[]) {
  return text(purpose)
    .refine(
      value => hasProtocol(value, protocols),
      `is malformed: it takes an address with ${protocols.join(' or ')}.`,
    )
    .transform(value => new Secret(value))
}

function postgresUrl(purpose: string) {
  return secretUrl(`PostgreSQL ${purpose}`, ['postgres://', 'postgresql://'])
}

function origin(purpose: string) {
  return text(purpose)
    .refine(
      isOrigin,
      'is malformed: it takes http:// or https://, a host and perhaps a port, and nothing behind it.',
    )
    .transform(value => new URL(value).origin)
}

function port() {
  const words = 'is malformed: it takes a port from 1 to 65535.'
  return z.coerce.number(words).int(words).min(1, words).max(65_535, words)
}

function hasProtocol(value: string, protocols: readonly string[]) {
  return URL.canParse(value) && protocols.some(protocol => value.startsWith(protocol))
}

function isOrigin(value: string) {
  return /^https?:\/\/[^/?#@\s]+\/?$/.test(value) && URL.canParse(value)
}

function isLoopback(url: string) {
  if (!URL.canParse(url)) return false
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname)
}

function isUnverified(url: string) {
  return URL.canParse(url) && !isLoopback(url) && new URL(url).searchParams.get('sslmode') !== 'verify-full'
}

function isProxy(value: string): boolean {
  const [address = '', bits, ...rest] = value.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  // A range of everything would believe anyone.
  return (
    bits === undefined ||
    (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128))
  )
}

function isKnownSecret(value: string) {
  const isPlaceholder = /(?:^|[-_. ])(?:demo|change|placeholder|example|your|insecure)(?:[-_. ]|$)/i.test(
    value,
  )
  return isPlaceholder || new Set(value).size < 10
}
