import { globSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')

const sources = globSync('app/**/*.{ts,tsx}', { cwd: root })
  .map(path => ({ path: path.split(sep).join('/'), text: readFileSync(join(root, path), 'utf8') }))
  .sort((one, other) => one.path.localeCompare(other.path))
const outsideTheParts = sources.filter(({ path }) => !path.startsWith('app/components/ui/'))

/** Each place where the pattern is found, as `path: what`. */
const found = (files: typeof sources, pattern: RegExp, isFine: (match: string) => boolean = () => false) =>
  files.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].filter(([match]) => !isFine(match)).map(([match]) => `${path}: ${match}`),
  )

test('colours stand in the tokens, and nowhere in a component or a page', () => {
  const colours = /(?<![\w&/])#(?:[0-9a-f]{6}|[0-9a-f]{3})\b|\b(?:rgb|hsl|oklch)a?\(/gi
  // The icon in the address bar is a picture of its own, which no stylesheet reaches.
  expect(found(sources, colours)).toEqual(['app/root.tsx: #0f7c84'])
})

test('size, space and type come from their scales: what is arbitrary lays out columns, or is a part’s own', () => {
  // Tracks of a grid, shares of a table, what the viewport leaves, and what a rule looks at.
  const isLayout = /^(?:grid-(?:cols|rows)|has)-|^w-\[\d+%\]|^max-[hw]-\[calc\(100/
  const arbitrary = /(?<=[\s'"`:])[a-z][a-z-]*-\[[^\]\s]+\]/g
  expect(found(outsideTheParts, arbitrary, value => isLayout.test(value))).toEqual([])
})

test('an inline style carries a number that was measured or counted, never a look', () => {
  const styles = /\bstyle=\{\{[^}]*\}\}/g
  const isData = (style: string) => /^style=\{\{ (?:height|minWidth|flexGrow)(?:: [\w.]+)? \}\}$/.test(style)
  expect(found(sources, styles, isData)).toEqual([])
})

test('buttons and tables are made of the parts', () => {
  // A segment of a switch and a line of a menu are parts of their own; a chart's twin in words is no table to work with.
  const own = /^app\/components\/(?:layout\/(?:theme-form|user-menu)|charts\/chart-figure)\.tsx$/
  const files = outsideTheParts.filter(({ path }) => !own.test(path))
  expect(found(files, /<(?:button|table)\b/g)).toEqual([])
})
