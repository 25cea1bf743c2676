import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const root = join(import.meta.dirname, '../..')
const nowhere = 'http://127.0.0.1:9'

/**
 * Runs `npm run rebuild -- --organization SLUG` as the process that it is.
 * @returns the most memory that it was resident with, in bytes
 * @throws where it ends with another code than 0
 */
export async function rebuildInProcess(databaseUrl: string, slug: string, signal: AbortSignal) {
  const child = spawn(process.execPath, ['jobs/rebuild.ts', '--organization', slug], {
    cwd: root,
    signal,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...settings, DATABASE_URL: databaseUrl },
  })
  const ended = once(child, 'exit')
  let peak = 0
  while (child.exitCode === null && child.signalCode === null) {
    peak = Math.max(peak, await residentMost(child.pid))
    await Promise.race([ended, setTimeout(100)])
  }
  if (child.exitCode !== 0) throw new Error(`the rebuild ended with ${child.exitCode ?? child.signalCode}`)
  return peak
}

/** What every process of the product asks for; none of it is reached by a rebuild. */
const settings = {
  APP_ORIGIN: 'http://localhost:3000',
  AUTH_SECRET: 'a-secret-that-only-benches-use-0123456789',
  KMS_KEY_ID: 'none',
  KMS_SIGNING_KEY_ID: 'none',
  AWS_REGION: 'eu-central-1',
  AWS_ENDPOINT_URL_KMS: nowhere,
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  SMTP_URL: 'smtp://127.0.0.1:9',
  MAIL_FROM: 'Attestry <attestry@example.com>',
  ENTRA_LOGIN_ORIGIN: nowhere,
  ENTRA_GRAPH_ORIGIN: nowhere,
  ATTESTRY_DEMO: '1',
}

/** From Linux's own record (proc_pid_status(5)), in bytes; 0 once the process is gone. */
async function residentMost(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const [, kibibytes = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? []
  return Number(kibibytes) * 1024
}
