import postgres from 'postgres'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { useDatabase } from '../support/database.ts'
import { startProduct } from '../support/product-process.ts'

/*
 * The real processes, as an operator starts them, on what they must not run on: each ends at once with 1, and says in
 * words what to put right. Values of settings are never repeated.
 */

const { adminUrl, name, appUrl, settings } = await useDatabase()
const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined })
const bypassing = `passing_${name}`
afterAll(async () => {
  await admin`drop owned by ${admin(bypassing)}`
  await admin`drop role ${admin(bypassing)}`
  await admin.end()
})

const processes = { web: 'server/main.ts', worker: 'jobs/worker.ts' }
const complete = {
  APP_ORIGIN: 'http://localhost:3000',
  ...settings,
  AUTH_SECRET: 'Zm9yIHRlc3RzIG9ubHksIDQ4IGNoYXJhY3RlcnMgbG9uZyE0',
  KMS_KEY_ID: 'key-1',
  KMS_SIGNING_KEY_ID: 'key-2',
  AWS_REGION: 'eu-central-1',
  SMTP_URL: 'smtp://127.0.0.1:9',
  MAIL_FROM: 'Attestry <attestry@example.com>',
}

async function refusalOf(
  which: keyof typeof processes,
  changes: Record<string, string | undefined>,
): Promise<string> {
  const product = startProduct(processes[which], {
    NODE_ENV: 'test',
    PATH: process.env.PATH,
    ...complete,
    ...changes,
  })
  const code = await product.ended
  expect(code, product.output()).toBe(1)
  expect(product.output(), 'a refusal is words, not a stack').not.toMatch(/\n\s+at |UnhandledPromise/)
  return product.output()
}

vi.setConfig({ testTimeout: 180_000 })

describe.concurrent.each(['web', 'worker'] as const)('the %s process', which => {
  test('names every setting that is missing, malformed or published, at once, and repeats no value', async () => {
    const words = await refusalOf(which, {
      KMS_KEY_ID: undefined,
      SMTP_URL: 'ftp://user:pw-marked@mail.test',
      PORT: '65536',
      AUTH_SECRET: 'attestry-demo-auth-secret-0123456789',
    })
    for (const problem of [
      '4 settings need attention',
      'KMS_KEY_ID is missing',
      'SMTP_URL is malformed',
      'PORT is malformed',
      'AUTH_SECRET is refused: it is a published or placeholder value',
    ])
      expect(words).toContain(problem)
    expect(words).not.toMatch(/pw-marked|attestry-demo-auth/)
  })

  test('refuses a superuser', async () => {
    const words = await refusalOf(which, { DATABASE_URL: adminUrl })
    expect(words).toMatch(/is a superuser\. Put the role attestry_app into DATABASE_URL\./)
  })
})

describe('beside the settings', () => {
  test('a role that passes row-level security is refused, though it is nothing else', async () => {
    await admin.unsafe(`create role ${bypassing} login bypassrls password 'x' in role attestry_app`)
    const passing = new URL(appUrl)
    passing.username = bypassing
    passing.password = 'x'
    expect(await refusalOf('web', { DATABASE_URL: passing.href })).toContain(
      `The database role ${bypassing} may pass row-level security (BYPASSRLS).`,
    )
  })

  test('the worker refuses for purges a superuser, another role, and none', async () => {
    const [superuser, another, none] = await Promise.all([
      refusalOf('worker', { DATABASE_RETENTION_URL: adminUrl }),
      refusalOf('worker', { DATABASE_RETENTION_URL: appUrl }),
      refusalOf('worker', { DATABASE_RETENTION_URL: undefined }),
    ])
    expect(superuser).toMatch(
      /is a superuser\. Put the role attestry_retention into DATABASE_RETENTION_URL\./,
    )
    expect(another).toMatch(/is not attestry_retention, nor a member of it\. Put the role attestry_retention/)
    expect(none).toContain('DATABASE_RETENTION_URL is missing')
  })

  test('a database that is not there, or does not take the password, is told in words without it', async () => {
    const wrong = new URL(appUrl)
    wrong.password = 'pw-marked'
    const [elsewhere, refused] = await Promise.all([
      refusalOf('web', { DATABASE_URL: 'postgres://attestry_app:pw-marked@127.0.0.1:9/attestry' }),
      refusalOf('worker', { DATABASE_URL: wrong.href }),
    ])
    expect(elsewhere).toMatch(/DATABASE_URL leads to no database: connect ECONNREFUSED/)
    expect(refused).toContain('the server does not take this name with this password.')
    expect(elsewhere + refused).not.toContain('pw-marked')
  })

  test('a schema without what the build uses or behind it is refused, with what to do', async () => {
    await admin`insert into migrations.__drizzle_migrations (hash, created_at) values ('later', 9999999999999)`
    await admin`insert into migrations.contractions (migration, oldest_build) values ('later', 9999)`
    expect(await refusalOf('web', {})).toMatch(
      /schema is ahead of this build \(\d+ migrations, \d+ known\), and without what this build uses\. Deploy the newer build\./,
    )
    await admin`
      delete from migrations.__drizzle_migrations
       where id in (select id from migrations.__drizzle_migrations order by created_at desc limit 2)`
    expect(await refusalOf('worker', {})).toMatch(
      /schema is behind this build \(\d+ of \d+ migrations\)\. Run: npm run migrate/,
    )
  })
})
