import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const marker = join(root, 'build', '.inputs')

/** Builds the pages and the verifier, each unless its last build was made from the very same files. */
export function buildIfNeeded(): boolean {
  const [hasBuiltPages, hasBuiltVerifier] = [buildPagesIfNeeded(), buildVerifierIfNeeded()]
  return hasBuiltPages || hasBuiltVerifier
}

/** Builds app/. */
export function buildPagesIfNeeded(): boolean {
  const inputs = fingerprintInputs()
  if (existsSync(marker) && readFileSync(marker, 'utf8') === inputs) return false
  run(join('@remix-run', 'dev', 'dist', 'cli.js'), ['vite:build', '--logLevel', 'warn'])
  writeFileSync(marker, inputs)
  return true
}

/** Builds the file that every export carries, and that `npm run verify` is from source. */
function buildVerifierIfNeeded(): boolean {
  if (isVerifierCurrent()) return false
  run(join('vite', 'bin', 'vite.js'), ['build', '--config', 'vite.verifier.config.ts', '--logLevel', 'warn'])
  return true
}

/** The build lists what it was made from, file by file. */
function isVerifierCurrent(): boolean {
  const list = join(root, 'build', 'verifier', 'inputs.json')
  if (!existsSync(list)) return false
  const inputs = Object.entries<string>(JSON.parse(readFileSync(list, 'utf8')))
  return inputs.every(([path, sha256]) => {
    const file = join(root, path)
    return existsSync(file) && createHash('sha256').update(readFileSync(file)).digest('hex') === sha256
  })
}

/** As for people, whoever asks: within a test run, React would be built with all that it tells developers. */
function run(script: string, args: string[]): void {
  execFileSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: 'inherit',
  })
}

function fingerprintInputs(): string {
  const hash = createHash('sha256')
  const files = globSync(
    ['app/**/*', 'server/domain/**/*', 'vite/**/*', 'vite.config.ts', 'remix.config.js', 'package-lock.json'],
    {
      cwd: root,
      withFileTypes: true,
    },
  )
  const paths = files.filter(file => file.isFile()).map(file => join(file.parentPath, file.name))
  for (const path of paths.sort())
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path))
  return hash.digest('hex')
}
