import { linesPerFile, numberedPath } from '../export/archive-file.ts'
import { tilePath, tilesOf } from '../ledger/tiles.ts'
import type { Container } from './container.ts'
import { DoesNotHold } from './finding.ts'
import { alwaysThere, assessmentFiles, openingFiles } from './layout.ts'
import type { Manifest } from './manifest.ts'

/** Every file has the size and hash that the manifest names, none is missing, none is there besides. @throws {DoesNotHold} */
export function checkFiles(container: Container, manifest: Manifest): void {
  const files = container.files.filter(({ path }) => path !== 'manifest.json' && path !== 'manifest.note')
  const named = new Map(manifest.files.map(file => [file.path, file]))
  for (const file of files) {
    const { path } = file
    const listed = named.get(path)
    if (!listed) throw new DoesNotHold('The manifest does not name this file.', { path })
    if (listed.size !== file.size) {
      throw new DoesNotHold(`The file has ${file.size} bytes, the manifest says ${listed.size}.`, { path })
    }
    if (listed.sha256 !== file.sha256) {
      throw new DoesNotHold('The file is not the one whose hash the manifest names.', { path })
    }
  }
  manifest.files.forEach(({ path }, index) => {
    if (!container.find(path))
      throw new DoesNotHold('The manifest names this file and it is not here.', { path })
    if (files[index]?.path !== path)
      throw new DoesNotHold('The manifest names its files in another order.', { path })
  })
  requireWhole(container, manifest)
}

/** What an archive of this scope and size must have, and what it must not. */
function requireWhole(
  container: Container,
  { scope, assessment, checkpoint, asOf, firstPosition }: Manifest,
): void {
  const openings = [...(scope.kind === 'period' ? openingFiles : []), ...(assessment ? assessmentFiles : [])]
  const events = asOf.position - firstPosition + 1
  const numbered = ['events', 'leaves'].flatMap(folder => numberedPaths(folder, events))
  const tiles = [...tilesOf(checkpoint.size)].map(tilePath)
  const required = [...alwaysThere, ...openings, ...numbered, ...tiles]
  for (const path of required) {
    if (!container.find(path)) throw new DoesNotHold('The archive should have this file.', { path })
  }
  const expected = new Set(required)
  const decided = /^(opening|assessment|events|leaves|tile)\//
  for (const { path } of container.files) {
    if (decided.test(path) && !expected.has(path)) {
      throw new DoesNotHold('An archive of this scope and size has no such file.', { path })
    }
  }
  requireNumbered(container, 'evidence/items')
}

const numberedPaths = (folder: string, lines: number): string[] =>
  Array.from({ length: Math.ceil(Math.max(0, lines) / linesPerFile) }, (_, number) =>
    numberedPath(folder, number),
  )

/** The files of a folder are numbered from zero on. */
function requireNumbered(container: Container, folder: string): void {
  const paths = container.files.map(({ path }) => path).filter(path => path.startsWith(`${folder}/`))
  paths.forEach((path, number) => {
    if (path !== numberedPath(folder, number)) {
      throw new DoesNotHold(`The archive should have ${numberedPath(folder, number)} before this file.`, {
        path,
      })
    }
  })
}
