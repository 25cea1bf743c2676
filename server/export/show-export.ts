import type { Transaction } from '../../db/client.ts'
import { namesOfPeople } from '../members/person-names.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { progressOf } from './export-record.ts'
import { type ListedExport, listed, visibleExport } from './list-exports.ts'
import type { PartName } from './part.ts'

/** A part of an archive as a page follows it. */
export interface PartView {
  readonly name: PartName
  readonly title: string
  readonly state: 'waiting' | 'writing' | 'written'
  readonly files: number
  readonly bytes: number
  /** How much of what it is made of is in it so far: "1,125 events". Null where there is nothing to count. */
  readonly counted: string | null
}

export interface ShownExport extends ListedExport {
  readonly parts: PartView[]
  /** The size of the checkpoint that the archive is held to; null before it is known. */
  readonly checkpointSize: number | null
}

/** One export with how far its parts are. @throws {AppError} not_found */
export async function showExport(
  services: Pick<Services, 'database'>,
  transaction: Transaction,
  access: Access,
  { exportId, at }: { exportId: string; at: Date },
): Promise<ShownExport> {
  const key = { organizationId: access.organizationId, exportId }
  const row = await visibleExport(transaction, access, key, at)
  const { parts, checkpointSize } = progressOf(row.progress)
  const names = await namesOfPeople(services.database, [row.requestedBy])
  return {
    ...listed(row, names, at),
    parts: parts.map(({ items, ...part }) => {
      const unit = units[part.name]
      const counted = unit && items > 0 ? countedWords(items, unit) : null
      return { ...part, title: titles[part.name], counted }
    }),
    checkpointSize,
  }
}

const titles: Record<PartName, string> = {
  verifier: 'The verifier',
  checkpoint: 'Checkpoint and keys',
  events: 'Events and their leaves',
  opening: 'What the period begins with',
  assessment: 'The assessment',
  tiles: 'The log’s hashes',
  evidence: 'Evidence',
  populations: 'Populations',
  coverage: 'Coverage over time',
  decisions: 'Exceptions and alerts',
  oscal: 'OSCAL',
  summary: 'Summary',
  manifest: 'Manifest',
}

const units: Partial<Record<PartName, readonly [one: string, many: string]>> = {
  events: ['event', 'events'],
  opening: ['event', 'events'],
  assessment: ['event', 'events'],
  tiles: ['tile', 'tiles'],
  evidence: ['line', 'lines'],
  populations: ['row', 'rows'],
  decisions: ['line', 'lines'],
}

const countedWords = (count: number, [one, many]: readonly [one: string, many: string]) =>
  `${new Intl.NumberFormat('en-GB').format(count)} ${count === 1 ? one : many}`
