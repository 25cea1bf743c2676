import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { workerHeap } from '../jobs/heap.ts'
import { demoOptionsOfProcess } from '../sandbox/demo-options.ts'
import { buildIfNeeded } from './build.ts'

/*
 * `npm start`: the demo on stand-ins, unless a real setting is present. Then all of them are required, and the
 * processes say what is missing: the demo's parts are never fallen into by accident.
 */

const root = join(import.meta.dirname, '..')
const realSettings = [
  'DATABASE_URL',
  'DATABASE_OWNER_URL',
  'KMS_KEY_ID',
  'KMS_SIGNING_KEY_ID',
  'APP_ORIGIN',
  'AUTH_SECRET',
  'SMTP_URL',
]
const isReal = process.env.NODE_ENV === 'production' || realSettings.some(name => process.env[name])

// What cannot be read is told before anything is built.
if (!isReal) demoOptionsOfProcess()
console.log(buildIfNeeded() ? 'Built the pages and the verifier.' : 'Pages and verifier are built already.')
if (isReal) {
  console.log('Settings for a real deployment are present: starting web and worker on them.')
  const processes = [run([], 'server/main.ts'), run(workerHeap, 'jobs/worker.ts')]
  for (const child of processes) child.on('exit', code => end(processes, code ?? 1))
} else {
  const demo = run([], 'sandbox/demo.ts', ...process.argv.slice(2))
  demo.on('exit', code => process.exit(code ?? 1))
}
/**
 * Runs a script in a process group of its own: a terminal's Ctrl+C goes to this process alone, which passes it on, so
 * that PostgreSQL is not stopped under what still works with it.
 */
function run(flags: readonly string[], script: string, ...args: string[]) {
  const child = spawn(process.execPath, [...flags, join(root, script), ...args], {
    cwd: root,
    stdio: 'inherit',
    detached: process.platform !== 'win32',
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => child.kill('SIGTERM'))
  endWithParent()
  return child
}

/** Whoever ended npm alone meant this too. */
function endWithParent() {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
  }, 1_000).unref()
}

function end(children: ReturnType<typeof run>[], code: number) {
  for (const child of children) child.kill('SIGTERM')
  process.exitCode = code
}
