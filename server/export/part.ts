import type { Services } from '../services.ts'
import type { ArchiveFile } from './archive-file.ts'
import type { ArchiveScope } from './archive-scope.ts'
import type { WrittenFile } from './archive-writer.ts'
import type { SealedLog } from './sealed-log.ts'

/** What archives are made with. */
export type ExportServices = Pick<
  Services,
  'appOrigin' | 'connectors' | 'database' | 'ledger' | 'logger' | 'signer' | 'verifierFile'
>

/** What a part of an archive is made from. */
export interface PartContext {
  readonly services: ExportServices
  readonly scope: ArchiveScope
  readonly log: SealedLog
  /** What was written before. */
  readonly files: readonly WrittenFile[]
  /** Writes a file to its end. */
  add(file: ArchiveFile): Promise<void>
  /** Tells how much of the part is done. */
  done(items: number): void
}

export const partNames = [
  'verifier',
  'checkpoint',
  'events',
  'opening',
  'assessment',
  'tiles',
  'evidence',
  'populations',
  'coverage',
  'decisions',
  'oscal',
  'summary',
  'manifest',
] as const
export type PartName = (typeof partNames)[number]

/** One part of an archive: some rows of the format. */
export interface Part {
  readonly name: PartName
  write(context: PartContext): Promise<void>
}
