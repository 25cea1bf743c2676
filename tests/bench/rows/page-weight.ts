import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { buildPagesIfNeeded } from '../../../scripts/build.ts'
import type { Bench } from '../bench.ts'

const client = new URL('../../../build/client/', import.meta.url)

export const pageWeight: Bench<'heaviest page'> = {
  name: 'page-weight',
  measures: 'JavaScript of the heaviest page with the layouts around it, gzipped',
  unit: 'kB',
  subject: 'heaviest page',
  comparisons: [{ baseline: null, goal: 120, direction: 'at most' }],
  rounds: 1,
  warmUp: 0,
  async setUp({ say }) {
    buildPagesIfNeeded()
    const weights = await weighPages()
    for (const { route, kilobytes } of weights.slice(0, 5)) say(`${kilobytes.toFixed(1)} kB ${route}`)
    return { 'heaviest page': async () => weights[0]?.kilobytes ?? Number.NaN }
  },
}

interface PageWeight {
  route: string
  /** Thousands of bytes, gzipped. */
  kilobytes: number
}

/** Every route with all that a browser loads before the page is awake, the heaviest first. */
export async function weighPages(): Promise<PageWeight[]> {
  const { assets }: { assets: Assets } = await import(new URL('../server/index.js', client).href)
  const sizes = new Map<string, Promise<number>>()
  const sizeOf = (path: string) => {
    const size = sizes.get(path) ?? readFile(new URL(`.${path}`, client)).then(file => gzipSync(file).length)
    sizes.set(path, size)
    return size
  }
  const weights = Object.keys(assets.routes).map(async route => {
    const files = new Set([assets.url, ...filesOf(assets.entry), ...branchOf(assets, route).flatMap(filesOf)])
    const bytes = await Promise.all([...files].map(sizeOf))
    return { route, kilobytes: bytes.reduce((sum, size) => sum + size, 0) / 1_000 }
  })
  return (await Promise.all(weights)).sort((one, other) => other.kilobytes - one.kilobytes)
}

interface Chunk {
  module: string
  imports?: readonly string[]
}

/** What the build says of itself. */
interface Assets {
  url: string
  entry: Chunk
  routes: Record<string, Chunk & { parentId?: string }>
}

const filesOf = ({ module, imports = [] }: Chunk) => [module, ...imports]

/** A route and the layouts around it. */
function branchOf(assets: Assets, route: string): Chunk[] {
  const own = assets.routes[route]
  if (!own) return []
  return own.parentId === undefined ? [own] : [...branchOf(assets, own.parentId), own]
}
