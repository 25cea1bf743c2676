import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const marker = join(root, 'build', '.inputs')

/** Builds app/ unless the last build was made from the very same files. */
export function buildIfNeeded(): boolean {
  const inputs = fingerprintInputs()
  if (existsSync(marker) && readFileSync(marker, 'utf8') === inputs) return false
  const remix = join(root, 'node_modules', '@remix-run', 'dev', 'dist', 'cli.js')
  execFileSync(process.execPath, [remix, 'vite:build', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' })
  writeFileSync(marker, inputs)
  return true
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
