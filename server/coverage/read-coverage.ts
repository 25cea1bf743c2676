import { and, desc, eq, lte, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { organizationProfile, verdict } from '../../db/schema/state.ts'
import type { ConnectorRegistry } from '../connectors/registry.ts'
import { catalogue } from '../domain/control/catalogue.ts'
import type { Catalogue } from '../domain/control/definition.ts'
import { type Coverage, type CoverageSource, coverage } from '../domain/coverage/coverage.ts'
import { kindEvidence } from '../domain/coverage/kind-evidence.ts'
import { notFound } from '../errors.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { holdsAt } from '../projections/range.ts'
import type { KindStatusRow } from './kind-status-row.ts'
import { latestStatuses, wantedPairs } from './latest-statuses.ts'
import { type OutOfScopeReason, readOutOfScope } from './read-scope.ts'
import { readSources, type Source } from './read-sources.ts'
import { revokedVerdict, type StoredVerdict, storedVerdict } from './stored-verdict.ts'

/** A source with everything that was known of it. */
export interface KnownSource extends Source, CoverageSource {
  readonly sourceId: string
  /** Why it does not count for coverage; null where it does. */
  readonly outOfScope: OutOfScopeReason | null
  /** One per kind that a run came to. */
  readonly statuses: readonly KindStatusRow[]
  /** What was recorded; empty where the connection was revoked. */
  readonly verdicts: readonly StoredVerdict[]
}

export interface KnownCoverage {
  readonly catalogue: Catalogue
  /** Those out of scope included. */
  readonly sources: readonly KnownSource[]
  /** By id, the controls that do not count. */
  readonly outOfScope: ReadonlyMap<string, OutOfScopeReason>
  readonly coverage: Coverage
}

/**
 * Coverage with what it rests on: rows as of the position, verdicts and freshness at the instant, by the catalogue
 * version in force there. A revoked source is no data from its revocation on.
 */
export async function readCoverage(
  transaction: Transaction,
  organizationId: string,
  { instant, position }: Pick<AsOf, 'instant' | 'position'>,
  connectors: ConnectorRegistry,
): Promise<KnownCoverage> {
  // Sent together: what one statement asks does not wait for the answer to another.
  const [inForce, sources, outOfScope] = await Promise.all([
    readCatalogue(transaction, organizationId, position),
    readSources(transaction, organizationId, position, connectors),
    readOutOfScope(transaction, organizationId, position),
  ])
  const asked = { organizationId, position, sourceIds: sources.map(source => source.sourceId) }
  const [statuses, verdicts] = await Promise.all([
    latestStatuses(transaction, asked),
    latestVerdicts(transaction, { ...asked, controls: inForce.controls }),
  ])
  const known = sources.map((source): KnownSource => {
    const ownStatuses = statuses.filter(row => row.sourceId === source.sourceId)
    return {
      ...source,
      outOfScope: outOfScope.sources.get(source.sourceId) ?? null,
      statuses: ownStatuses,
      evidence: kindEvidence(ownStatuses, source.absentKinds),
      // What an earlier connection to the directory came to says nothing of this one.
      verdicts: source.isRevoked
        ? inForce.controls.map(control => revokedVerdict(control.id, source))
        : verdicts.filter(
            row => row.sourceId === source.sourceId && row.connectionId === source.connection.id,
          ),
    }
  })
  return {
    catalogue: inForce,
    sources: known,
    outOfScope: outOfScope.controls,
    coverage: coverage({
      catalogue: inForce,
      sources: known.filter(source => source.outOfScope === null),
      outOfScope: new Set(outOfScope.controls.keys()),
      at: instant,
    }),
  }
}

/** The catalogue version in force as of a position. */
export async function readCatalogue(
  transaction: Transaction,
  organizationId: string,
  position: number,
): Promise<Catalogue> {
  const [profile] = await transaction
    .select({ version: organizationProfile.catalogueVersion })
    .from(organizationProfile)
    .where(holdsAt(organizationProfile, organizationId, position))
  if (!profile) throw notFound('organization')
  return catalogue(profile.version)
}

interface Asked {
  organizationId: string
  position: number
  sourceIds: readonly string[]
}

async function latestVerdicts(
  transaction: Transaction,
  { organizationId, position, sourceIds, controls }: Asked & Pick<Catalogue, 'controls'>,
): Promise<StoredVerdict[]> {
  if (sourceIds.length === 0) return []
  const latest = transaction
    .select()
    .from(verdict)
    .where(
      and(
        eq(verdict.organizationId, organizationId),
        eq(verdict.sourceId, sql`wanted.source_id`),
        eq(verdict.controlId, sql`wanted.control_id`),
        lte(verdict.fromPosition, position),
      ),
    )
    .orderBy(desc(verdict.fromPosition))
    .limit(1)
    .as('latest')
  const wanted = wantedPairs(
    sourceIds,
    controls.map(control => control.id),
  )
  const rows = await transaction
    .select()
    .from(sql`(values ${wanted}) as wanted(source_id, control_id)`)
    .crossJoinLateral(latest)
  return rows.map(row => storedVerdict(row.latest))
}
