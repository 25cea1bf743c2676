import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scene } from './seed.ts'
import { appOrigin } from './services.ts'

/** What a process of the product takes from its environment, on a scene's database and stand-ins. */
export const processEnvironment = ({
  db,
  kms,
  smtp,
  entra,
}: Pick<Scene, 'kms' | 'smtp' | 'entra'> & {
  db: Pick<Scene['db'], 'settings'>
}): NodeJS.ProcessEnv => ({
  ...process.env,
  // Dozens of processes of a run read the same modules: what one has read the next need not read again.
  NODE_COMPILE_CACHE: join(tmpdir(), 'attestry-compiled'),
  APP_ORIGIN: appOrigin,
  ...db.settings,
  AUTH_SECRET: 'a-secret-that-only-tests-use-0123456789',
  KMS_KEY_ID: kms.keyId,
  KMS_SIGNING_KEY_ID: kms.signingKeyId,
  AWS_REGION: 'eu-central-1',
  AWS_ENDPOINT_URL_KMS: kms.origin,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  SMTP_URL: smtp.smtpUrl,
  MAIL_FROM: 'Attestry <attestry@example.com>',
  ENTRA_LOGIN_ORIGIN: entra.origin,
  ENTRA_GRAPH_ORIGIN: entra.origin,
  ATTESTRY_DEMO: '1',
})
