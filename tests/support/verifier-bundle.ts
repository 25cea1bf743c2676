import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterwards } from './afterwards.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

/** A folder of its own outside the project, in which nothing is installed; removed after the tests. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'attestry-verifier-'))
  afterwards(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Builds the verifier as `npm run build` does, into this folder. @returns the file that archives carry */
export async function buildVerifier(folder: string): Promise<string> {
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const options = ['--config', 'vite.verifier.config.ts', '--outDir', folder, '--logLevel', 'warn']
  await run(process.execPath, [vite, 'build', ...options], { cwd: root })
  return join(folder, 'verify.mjs')
}

export interface Ended {
  code: number
  stdout: string
  stderr: string
}

/** Runs a program to its end, with nothing of ours in its environment. */
export async function runToEnd(
  program: string,
  args: readonly string[],
  options: { cwd?: string; timeout?: number } = {},
): Promise<Ended> {
  const env: NodeJS.ProcessEnv = { NODE_ENV: 'production' }
  const settings = { timeout: 60_000, maxBuffer: 64 * 1024 * 1024, ...options, env }
  try {
    const { stdout, stderr } = await run(program, [...args], settings)
    return { code: 0, stdout, stderr }
  } catch (error) {
    const { code, stdout, stderr, message } = error as Ended & Error
    // A program that could not be started, or was killed, has no code.
    if (typeof code !== 'number') throw new Error(message, { cause: error })
    return { code, stdout, stderr }
  }
}

/** A Node of 20.15 or later that somebody has installed, apart from the one that the project brings; null where there is none. */
export async function installedNode(): Promise<string | null> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(path => !path.includes('node_modules'))
  for (const folder of folders) {
    const program = join(folder, 'node')
    if (!existsSync(program)) continue
    const { stdout } = await runToEnd(program, ['--version'])
    const [major = 0, minor = 0] = stdout.slice(1).split('.').map(Number)
    if (major > 20 || (major === 20 && minor >= 15)) return program
  }
  return null
}
