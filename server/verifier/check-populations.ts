import { type EvidenceKind, evidenceKind } from '../domain/evidence/kinds.ts'
import { companionKinds, populationRow } from '../domain/evidence/population-row.ts'
import { type PopulationHead, populationHeadLines, populationRowLine } from '../evidence/population-lines.ts'
import type { ConnectionRow } from '../projections/fold/rows.ts'
import type { Container } from './container.ts'
import { declarationsOf, offeredKindsIn } from './declarations.ts'
import { ExpectedText } from './expected-text.ts'
import { DoesNotHold } from './finding.ts'
import type { HeldItems } from './held-items.ts'
import type { ItemIndex, ItemStore } from './item-store.ts'
import type { LedgerState } from './ledger-state.ts'
import type { Manifest } from './manifest.ts'

export interface PopulationsInput {
  readonly container: Container
  readonly manifest: Manifest
  readonly state: LedgerState
  readonly held: HeldItems
  readonly items: ItemStore
}

/**
 * Writes every population’s file anew from what the evidence led to, and holds the archive’s to it.
 * @throws {DoesNotHold} naming the first line that differs, or a population too many or too few
 */
export function checkPopulations(input: PopulationsInput): { files: number; rows: number } {
  const { container, state } = input
  const expected = new Set<string>()
  let rows = 0
  for (const connection of newestConnections(state)) {
    for (const kind of offeredKindsIn(connection.connector, connection.cloud)) {
      const path = `populations/${kind}-${connection.sourceId}.csv`
      expected.add(path)
      rows += checkPopulation(input, connection, kind, path)
    }
  }
  for (const { path } of container.files) {
    if (path.startsWith('populations/') && !expected.has(path)) {
      throw new DoesNotHold('There is no such population.', { path })
    }
  }
  return { files: expected.size, rows }
}

function checkPopulation(
  input: PopulationsInput,
  connection: ConnectionRow,
  kind: EvidenceKind,
  path: string,
): number {
  const { container, manifest, held, items } = input
  const { sourceId } = connection
  const text = new ExpectedText(container, path)
  const { subjects, items: members } = held.members(sourceId, kind)
  for (const line of populationHeadLines(headOf(input, connection, kind, subjects.length))) text.expect(line)
  const companions = companionsOf(input, sourceId, kind)
  const frame = {
    at: new Date(manifest.asOf.instant),
    isRegistrationKnown: kind === 'user_inventory' && isCollected(input, sourceId, 'mfa_registration'),
  }
  subjects.forEach((subjectKey, index) => {
    const item = members[index] ?? 0
    const companion = companions.get(subjectKey)
    const source = {
      subjectKey,
      itemHash: items.hashOf(item),
      body: items.body(item),
      companion: companion === undefined ? null : items.body(companion),
    }
    text.expect(populationRowLine(kind, populationRow(kind, source, frame)))
  })
  text.finish()
  return subjects.length
}

function headOf(
  { manifest, state }: PopulationsInput,
  { connector, externalTenantId, sourceId }: ConnectionRow,
  kind: EvidenceKind,
  count: number,
): PopulationHead {
  const { asOf, organization, simulated, scope, firstPosition } = manifest
  const status = state.rows('kindStatus').find(row => row.sourceId === sourceId && row.kind === kind)
  const { title, mode } = evidenceKind(kind)
  const evidence =
    status?.evidenceId && status.fingerprint
      ? { id: status.evidenceId, fingerprint: status.fingerprint }
      : null
  return {
    kind,
    title,
    organizationName: organization.name,
    isSimulated: simulated,
    connectorName: declarationsOf(connector)[0].name,
    externalTenantId,
    asOf: { instant: new Date(asOf.instant), position: asOf.position },
    lastSuccessAt: status?.lastSuccessAt ?? null,
    evidence,
    count,
    ...(scope.kind === 'period' && mode === 'feed' ? { after: firstPosition - 1 } : {}),
  }
}

/** What the companion kind has of each subject. */
function companionsOf(
  { held }: PopulationsInput,
  sourceId: string,
  kind: EvidenceKind,
): Map<string, ItemIndex> {
  const companion = companionKinds[kind]
  if (!companion) return new Map()
  const { subjects, items } = held.members(sourceId, companion)
  return new Map(subjects.map((subject, index) => [subject, items[index] ?? 0]))
}

const isCollected = ({ state }: PopulationsInput, sourceId: string, kind: EvidenceKind) =>
  state
    .rows('kindStatus')
    .some(row => row.sourceId === sourceId && row.kind === kind && row.evidenceId !== null)

/** Of several connections to a source the newest one counts. */
function newestConnections(state: LedgerState): ConnectionRow[] {
  const sources = new Set(state.rows('connection').map(row => row.sourceId))
  return [...sources].flatMap(sourceId => state.connectionTo(sourceId) ?? [])
}
