// Runs on whatever Node runs npm (20 or later) before `npm start`, `npm test`, `npm run smoke` and `npm run bench`:
// installs the dependencies when they are missing or older than the lock file. The script itself then runs on the pinned Node.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const major = Number(process.versions.node.split('.')[0])
if (major < 20) {
  console.error(`Attestry needs Node 20 or later to set itself up; this is ${process.version}.`)
  process.exit(1)
}

if (!isInstalled()) {
  console.log('Setting up: installing dependencies (once, or after an update) …')
  const npm = process.env.npm_execpath
  const flags = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  if (npm) execFileSync(process.execPath, [npm, ...flags], { cwd: root, stdio: 'inherit' })
  else execFileSync('npm', flags, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
}

/** What npm wrote about the last install agrees with the lock file, and the pinned Node is there. */
function isInstalled() {
  const marker = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(marker) || !existsSync(join(root, 'node_modules', '.bin'))) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const installed = JSON.parse(readFileSync(marker, 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' || entry.optional || entry.devOptional || installed[path]?.version === entry.version,
  )
}
