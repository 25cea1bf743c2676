import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'

const client = new URL('../../../build/client/', import.meta.url)

export interface PageWeight {
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
    const files = new Set([assets.entry, ...branchOf(assets, route)].flatMap(filesOf))
    const bytes = await Promise.all([...files].map(sizeOf))
    return { route, kilobytes: bytes.reduce((sum, size) => sum + size, 0) / 1_000 }
  })
  return (await Promise.all(weights)).sort((one, other) => other.kilobytes - one.kilobytes)
}

interface Chunk {
  module: string
  imports?: readonly string[]
}

/** What the build says of itself. The list of all routes is no file that a page loads: it comes with it, in parts. */
interface Assets {
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
