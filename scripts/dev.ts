import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { buildIfNeeded, buildPagesIfNeeded } from './build.ts'

/*
 * `npm run dev`: the demo, with web and worker begun again whenever a source changes, and pages built again where
 * they did. PostgreSQL, the stand-ins and everything in them stay.
 */

const root = join(import.meta.dirname, '..')
buildIfNeeded()
const demo = spawn(process.execPath, [join(root, 'sandbox/demo.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ATTESTRY_STATE: join(root, '.attestry', 'dev') },
})
demo.on('exit', code => process.exit(code ?? 1))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)

let pending: NodeJS.Timeout | null = null
for (const folder of ['app', 'server', 'db', 'jobs']) {
  watch(join(root, folder), { recursive: true }, () => {
    if (pending) clearTimeout(pending)
    pending = setTimeout(begin, 150)
  })
}

function begin() {
  pending = null
  try {
    buildPagesIfNeeded()
    demo.kill('SIGUSR2')
  } catch {
    console.error('The build failed; what runs is the version before.')
  }
}
