import { join } from 'node:path'
import { type KeptFigures, keptPath, readKept } from '../../tests/bench/keep.ts'
import type { Measured } from './model.ts'

/** Figures of one run on a machine that did nothing else, kept with the documents. */
const documentedPath = join(import.meta.dirname, '..', '..', 'docs', 'measured.json')

export interface MeasuredFigures extends Measured {
  /** Rows that this machine did not measure, so that the documented figures stand for them. */
  readonly documented: readonly string[]
}

/**
 * What `npm run bench` came to on this machine last; where it did not measure a row, the documented figure.
 * @throws {RangeError} where neither has it
 */
export function measuredFigures(): MeasuredFigures {
  const own = readKept(keptPath)
  const documented = readKept(documentedPath)
  const missing = new Set<string>()
  const rowOf = (name: string): KeptFigures['rows'][string] | undefined => {
    const row = own?.rows[name]
    if (row) return row
    missing.add(name)
    return documented?.rows[name]
  }
  const figure = (name: string, side: string): number | null => {
    const [newest] = Object.values(rowOf(name)?.sizes ?? {}).reverse()
    return newest?.[side] ?? null
  }
  const required = (name: string, side: string): number => {
    const found = figure(name, side)
    if (found === null) throw new RangeError(`Nothing is measured of ${name}: npm run bench -- ${name}`)
    return found
  }
  const isEnough = (row: KeptFigures['rows'][string] | undefined) => Object.keys(row?.sizes ?? {}).length > 1
  const syncs = own?.rows['sync-unchanged']
  if (!isEnough(syncs)) missing.add('sync-unchanged')
  const sizes = (isEnough(syncs) ? syncs : documented?.rows['sync-unchanged'])?.sizes ?? {}
  return {
    machine: (own ?? documented)?.machine ?? 'an unknown machine',
    syncSeconds: new Map(
      Object.entries(sizes).map(([size, sides]) => [Number(size), sides['next sync'] ?? 0]),
    ),
    syncEvents: required('sync-events', 'unchanged sync'),
    syncBytes: required('storage', 'unchanged sync'),
    accountBytes: required('storage', 'account'),
    appends: required('append-throughput', 'ledger'),
    pages: figure('pages', 'overview'),
    documented: [...missing],
  }
}
