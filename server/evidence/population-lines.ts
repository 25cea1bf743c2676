import type { EvidenceKind } from '../domain/evidence/kinds.ts'
import { populationColumns } from '../domain/evidence/population-cells.ts'
import type { PopulationRow } from '../domain/evidence/population-row.ts'
import { removedWords } from '../domain/evidence/removal.ts'
import { csvLine } from '../export/csv.ts'

/** Where a population's file comes from: what a person needs to check it against the ledger. */
export interface PopulationHead {
  kind: EvidenceKind
  title: string
  organizationName: string
  isSimulated: boolean
  connectorName: string
  externalTenantId: string
  asOf: { instant: Date; position: number }
  lastSuccessAt: Date | null
  evidence: { id: string; fingerprint: string } | null
  count: number
  /** Of a feed: only what was collected after this position. */
  after?: number | undefined
  /** The beginning of the names that were asked for; empty for all. */
  search?: string
}

/** Everything before the rows, each line with its end. */
export function populationHeadLines(head: PopulationHead): string[] {
  const { title, organizationName, isSimulated, connectorName, externalTenantId, asOf, evidence } = head
  const lines: (string | number)[][] = [
    ['# Population', title],
    ['# Organization', isSimulated ? `${organizationName} (simulated clock)` : organizationName],
    ['# Directory', `${connectorName} ${externalTenantId}`],
    ['# As of', asOf.instant.toISOString()],
    ['# Ledger position', asOf.position],
    ['# Last collected or found the same', head.lastSuccessAt?.toISOString() ?? 'never'],
    ['# Evidence', evidence?.id ?? 'none'],
    ['# Fingerprint (RFC 6962 root with SHA-256)', evidence?.fingerprint ?? 'none'],
    ['# Items', head.count],
    ...(head.after === undefined ? [] : [['# Only what came after position', head.after]]),
    ...(head.search ? [['# Only names that begin with', head.search]] : []),
    ['Name', 'Sign-in name', ...headersOf(head.kind), 'Subject key', 'Item SHA-256'],
  ]
  return lines.map(csvLine)
}

/** One row, with its end. */
export const populationRowLine = (
  kind: EvidenceKind,
  row: PopulationRow,
  removed: string = removedWords,
): string =>
  csvLine([
    row.isRemoved ? removed : row.name,
    row.login,
    ...populationColumns[kind].map(column => row.cells[column.key]?.text ?? null),
    row.subjectKey,
    row.itemHash,
  ])

const headersOf = (kind: EvidenceKind) => populationColumns[kind].map(column => column.header)
