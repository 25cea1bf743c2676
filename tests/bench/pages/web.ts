import { fork } from 'node:child_process'
import { once } from 'node:events'
import { buildPagesIfNeeded } from '../../../scripts/build.ts'
import type { BenchContext, BenchDatabase } from '../bench.ts'
import type { FullOrganization } from '../past/month.ts'
import { Visitor } from './visitor.ts'

const origin = 'http://localhost:3000'

/** Serves a database by a web process of its own, and signs the organization's owner in. */
export async function visitAsOwner(
  context: Pick<BenchContext, 'defer'>,
  database: BenchDatabase,
  { directory, owner }: Pick<FullOrganization, 'directory' | 'owner'>,
): Promise<Visitor> {
  buildPagesIfNeeded()
  const { kms } = directory
  const child = fork(new URL('./web-process.ts', import.meta.url), {
    stdio: 'inherit',
    env: {
      ...process.env,
      ATTESTRY_DEMO: '1',
      APP_ORIGIN: origin,
      DATABASE_URL: database.url('app'),
      AUTH_SECRET: 'a-secret-that-only-benches-use-0123456789',
      KMS_KEY_ID: kms.keyId,
      KMS_SIGNING_KEY_ID: kms.signingKeyId,
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL_KMS: kms.origin,
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      SMTP_URL: 'smtp://127.0.0.1:1',
      MAIL_FROM: 'Attestry <attestry@example.com>',
      ENTRA_LOGIN_ORIGIN: directory.origin,
      ENTRA_GRAPH_ORIGIN: directory.origin,
    },
  })
  context.defer(async () => {
    child.kill()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  // Sent by our own script: it is the port.
  const [port] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the web process ended with ${code}`))),
  ])) as [number]
  const visitor = new Visitor(port)
  context.defer(async () => visitor.leave())
  await visitor.signIn(owner, origin)
  return visitor
}
