import { readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { type Figures, median } from './figures.ts'

const keptFigures = z.strictObject({
  /** Of the newest figures. */
  machine: z.string(),
  /** Medians by row, size (of what the row counts; 1 where it counts nothing) and side. */
  rows: z.record(
    z.string(),
    z.strictObject({
      measuredAt: z.iso.datetime(),
      unit: z.string(),
      sizes: z.record(z.string(), z.record(z.string(), z.number())),
    }),
  ),
})

/** The medians that bench runs on this machine came to, the newest of each row and size. */
export type KeptFigures = z.infer<typeof keptFigures>

/** Where a run keeps them. */
export const keptPath = join(import.meta.dirname, '..', '..', '.attestry', 'bench.json')

/** @throws for a file that holds something else; null where there is none */
export function readKept(path: string): KeptFigures | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return null
  }
  return keptFigures.parse(JSON.parse(text))
}

/** Puts a row's figures beside those that are kept already. */
export async function keepFigures(
  { name, unit }: { name: string; unit: string },
  size: number,
  figures: Figures,
): Promise<void> {
  const rows = readKept(keptPath)?.rows ?? {}
  const medians = Object.fromEntries(Object.entries(figures).map(([side, own]) => [side, median(own)]))
  const kept: KeptFigures = {
    machine: `Node ${process.versions.node}, ${cpus().length} cores`,
    rows: {
      ...rows,
      [name]: {
        measuredAt: new Date().toISOString(),
        unit,
        sizes: { ...rows[name]?.sizes, [size]: medians },
      },
    },
  }
  await mkdir(dirname(keptPath), { recursive: true })
  await writeFile(`${keptPath}.new`, `${JSON.stringify(kept, null, 2)}\n`)
  await rename(`${keptPath}.new`, keptPath)
}
