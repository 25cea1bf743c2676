import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../server/config.ts'

const complete = {
  APP_ORIGIN: 'https://attestry.test',
  DATABASE_URL: 'postgres://attestry_app:pw-marked@db.test/attestry?sslmode=verify-full',
  AUTH_SECRET: 'Zm9yIHRlc3RzIG9ubHksIDQ4IGNoYXJhY3RlcnMgbG9uZyE0',
  KMS_KEY_ID: 'key-1',
  KMS_SIGNING_KEY_ID: 'key-2',
  AWS_REGION: 'eu-central-1',
  SMTP_URL: 'smtps://user:pw-marked@mail.test',
  MAIL_FROM: 'Attestry <attestry@attestry.test>',
}

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

test('a complete environment is read, with defaults for the rest', () => {
  expect(readConfig({ ...complete, NODE_ENV: 'production' })).toMatchObject({
    isProduction: true,
    isDemo: false,
    appOrigin: 'https://attestry.test',
    port: 3000,
    trustedProxies: [],
    metricsPort: undefined,
    registration: 'open',
    logLevel: 'info',
  })
})

test('an empty environment is answered with everything that is missing, in one go', () => {
  const problems = problemsOf({})
  for (const name of Object.keys(complete))
    expect(problems.filter(line => line.startsWith(`${name} is missing`))).toHaveLength(1)
  expect(problems).toHaveLength(Object.keys(complete).length)
})

test.each([
  ['no pooler', {}, true],
  ['the same address twice', { DATABASE_DIRECT_URL: complete.DATABASE_URL }, true],
  ['a pooler', { DATABASE_DIRECT_URL: 'postgres://direct.test/attestry' }, false],
  [
    'a pooler that knows what was prepared',
    { DATABASE_DIRECT_URL: 'postgres://direct.test/attestry', DATABASE_POOLER_PREPARES: '1' },
    true,
  ],
])('with %s statements are prepared or not', (_, given, prepares) => {
  expect(readConfig({ ...complete, ...given }).preparesStatements).toBe(prepares)
})

test('an empty value counts as missing', () => {
  expect(problemsOf({ ...complete, KMS_KEY_ID: ' ' })).toEqual([
    expect.stringContaining('KMS_KEY_ID is missing'),
  ])
})

test('missing, malformed and refused settings are told together', () => {
  const problems = problemsOf({
    ...complete,
    NODE_ENV: 'production',
    PORT: 'x',
    KMS_KEY_ID: undefined,
    ATTESTRY_DEMO: '1',
  })
  expect(problems.map(line => line.split(' ')[0])).toEqual(['PORT', 'KMS_KEY_ID', 'ATTESTRY_DEMO'])
})

test('secrets do not show when the configuration is printed or refused', () => {
  const config = readConfig(complete)
  expect(inspect(config, { depth: 5 }) + JSON.stringify(config)).not.toMatch(/pw-marked|Zm9yIHRl/)
  expect(config.databaseUrl.reveal()).toBe(complete.DATABASE_URL)
  expect(problemsOf({ ...complete, SMTP_URL: 'ftp://user:pw-marked@x' }).join()).not.toContain('pw-marked')
})

describe('refused settings', () => {
  test.each([
    ['APP_ORIGIN', 'https://attestry.test/path'],
    ['APP_ORIGIN', 'https://user@attestry.test'],
    ['APP_ORIGIN', 'attestry.test'],
    ['APP_ORIGIN', 'javascript://attestry.test'],
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['DATABASE_URL', 'mysql://db.test/x'],
    ['DATABASE_RETENTION_URL', 'db.test'],
    ['AUTH_SECRET', 'short'],
    ['AUTH_SECRET', 'a'.repeat(40)],
    ['AUTH_SECRET', 'attestry-demo-auth-secret-0123456789'],
    ['AUTH_SECRET', 'please-change-me-please-change-me-0123'],
    ['MAIL_FROM', 'nobody'],
    ['MAIL_FROM', 'A <a@b.test>\r\nBcc: c@d.test'],
    ['TRUSTED_PROXIES', 'true'],
    ['TRUSTED_PROXIES', '0.0.0.0/0'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['DATABASE_POOLER_PREPARES', 'yes'],
    ['REGISTRATION', 'closed'],
    ['LOG_LEVEL', 'loud'],
    ['ENTRA_LOGIN_ORIGIN', 'https://login.evil.test'],
    ['ENTRA_GRAPH_ORIGIN', 'http://127.0.0.1.evil.test'],
    ['ENTRA_GRAPH_ORIGIN', 'http://localhost@evil.test'],
    ['ATTESTRY_DEMO', 'yes'],
  ])('%s=%j', (name, value) => {
    expect(problemsOf({ ...complete, [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^${name} `)),
    ])
  })

  test.each([
    ['ATTESTRY_DEMO', '1'],
    ['ENTRA_LOGIN_ORIGIN', 'http://127.0.0.1:4000'],
    ['ENTRA_GRAPH_ORIGIN', 'http://localhost:4000'],
    ['APP_ORIGIN', 'http://attestry.test'],
    ['DATABASE_URL', 'postgres://app:x@db.test/attestry'],
    ['DATABASE_DIRECT_URL', 'postgres://app:x@db.test/attestry?sslmode=require'],
  ])('%s=%j in production only', (name, value) => {
    expect(problemsOf({ ...complete, [name]: value })).toEqual([])
    expect(problemsOf({ ...complete, [name]: value, NODE_ENV: 'production' })).toEqual([
      expect.stringMatching(new RegExp(`^${name} .*NODE_ENV=production`)),
    ])
  })
})

test('the demo may use its published secret and loopback stand-ins', () => {
  const config = readConfig({
    ...complete,
    ATTESTRY_DEMO: '1',
    APP_ORIGIN: 'http://localhost:3000',
    AUTH_SECRET: 'attestry-demo-auth-secret-0123456789',
    ENTRA_LOGIN_ORIGIN: 'http://127.0.0.1:4000/',
    ENTRA_GRAPH_ORIGIN: 'http://[::1]:4000',
    TRUSTED_PROXIES: '10.0.0.0/8, ::1',
  })
  expect(config).toMatchObject({
    isDemo: true,
    entraLoginOrigin: 'http://127.0.0.1:4000',
    entraGraphOrigin: 'http://[::1]:4000',
    trustedProxies: ['10.0.0.0/8', '::1'],
  })
})
