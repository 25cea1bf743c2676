import { spawn } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../db/embedded.ts'
import { buildIfNeeded } from './build.ts'

const root = join(import.meta.dirname, '..')

/** The demo in a process of its own, with what it announced. */
export interface DemoProcess {
  origin: string
  mailbox: string
  /** What an admin pastes into the connect form: the first of the demo's directories. */
  directory: { externalTenantId: string; clientId: string; clientSecret: string; secretExpiresOn: string }
  password: string
  stop(): Promise<void>
}

/** Starts the demo on free ports, in a folder that is gone with it unless one is given. */
export async function startDemo(
  options: { args?: readonly string[]; patience?: number; state?: string } = {},
): Promise<DemoProcess> {
  buildIfNeeded()
  const state = options.state ?? (await mkdtemp(join(tmpdir(), 'attestry-demo-')))
  // Under root PostgreSQL runs as another user, who must be able to enter.
  await chmod(state, 0o755)
  const args = ['--state', state, '--port', String(await freePort()), ...(options.args ?? [])]
  const child = spawn(process.execPath, [join(root, 'sandbox/demo.ts'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', chunk => {
    output += String(chunk)
  })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    if (options.state === undefined) await rm(state, { recursive: true, force: true })
  }
  try {
    const deadline = Date.now() + (options.patience ?? 90_000)
    while (!output.includes('Press Ctrl+C')) {
      if (child.exitCode !== null) throw new Error(`the demo ended:\n${output}`)
      if (Date.now() > deadline) throw new Error(`the demo did not start in time:\n${output}`)
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  } catch (error) {
    await stop()
    throw error
  }
  return { ...announced(output), stop }
}

function announced(output: string) {
  const said = (pattern: RegExp) => pattern.exec(output)?.[1] ?? ''
  return {
    origin: said(/running at (\S+)/),
    mailbox: said(/Mails of the demo are at (\S+?)\.\s/),
    password: said(/with the password\s+(\S+)/),
    directory: {
      externalTenantId: said(/Directory \(tenant\) ID\s+(\S+)/),
      clientId: said(/Application \(client\) ID\s+(\S+)/),
      clientSecret: said(/Client secret, Value\s+(\S+)/),
      secretExpiresOn: said(/Expires\s+(\S+)/),
    },
  }
}

/** The newest confirmation link in the demo's mailbox, once there is one. */
export async function confirmationLink(mailbox: string): Promise<string | null> {
  const list = await fetch(mailbox).then(answer => answer.text())
  const mail = /href="(\/mails?\/\d+[^"]*)"/.exec(list)?.[1]
  if (!mail) return null
  const text = await fetch(new URL(mail, mailbox)).then(answer => answer.text())
  return /(https?:\/\/[^\s"<>]+\/verify\?token=[^\s"<>]+)/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? null
}

/** Looks again and again until there is something to see. @throws {Error} when patience (milliseconds) ends */
export async function until<T>(
  what: string,
  patience: number,
  look: () => Promise<T | null | false>,
): Promise<T> {
  const deadline = Date.now() + patience
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`)
    await new Promise(resolve => setTimeout(resolve, 250))
  }
}
