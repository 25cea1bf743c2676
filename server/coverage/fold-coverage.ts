import type { Catalogue } from '../domain/control/definition.ts'
import { judgeRevoked } from '../domain/control/rules/missing-evidence.ts'
import { type Coverage, type CoverageSource, coverage } from '../domain/coverage/coverage.ts'
import { kindEvidence } from '../domain/coverage/kind-evidence.ts'
import { scopeOf } from '../domain/coverage/scope-of.ts'
import type { EvidenceKind } from '../domain/evidence/kinds.ts'
import type { ConnectionRow, ProjectionRows } from '../projections/fold/rows.ts'

/** The projections that coverage rests on. */
export interface CoverageRows {
  rows<N extends 'connection' | 'kindStatus' | 'verdict' | 'outOfScope'>(
    name: N,
  ): readonly ProjectionRows[N][]
}

export interface FoldCoverageOptions {
  catalogue: Catalogue
  at: Date
  /** Kinds that a connector does not find in a cloud. */
  absentKinds(connector: string, cloud: string): readonly EvidenceKind[]
}

/**
 * Coverage from events alone: the reference that the tables are held to. The folded rows are those that stand as of the
 * last event recorded at or before the asked instant.
 */
export function foldCoverage({ rows }: CoverageRows, options: FoldCoverageOptions): Coverage {
  const { catalogue, at, absentKinds } = options
  const statuses = rows('kindStatus')
  const verdicts = rows('verdict')
  const scope = scopeOf(rows('outOfScope'))
  const counted = newestConnections(rows('connection')).filter(({ sourceId }) => !scope.sources.has(sourceId))
  const sources = counted.map((connection): CoverageSource => {
    const { sourceId } = connection
    const isOwn = (row: { sourceId: string }) => row.sourceId === sourceId
    return {
      sourceId,
      evidence: kindEvidence(statuses.filter(isOwn), absentKinds(connection.connector, connection.cloud)),
      verdicts:
        connection.status === 'revoked'
          ? catalogue.controls.map(control => ({ controlId: control.id, ...judgeRevoked() }))
          : verdicts
              .filter(row => isOwn(row) && row.connectionId === connection.id)
              .map(row => ({
                ...row,
                changes: row.changes.map(change => ({ ...change, at: new Date(change.at) })),
              })),
    }
  })
  return coverage({ catalogue, at, sources, outOfScope: scope.controls })
}

/** Of several connections to a directory the newest one counts; the directory known longest comes first. */
function newestConnections(connections: readonly ConnectionRow[]): ConnectionRow[] {
  const inOrder = [...connections].sort(
    (one, other) => one.connectedAt.getTime() - other.connectedAt.getTime(),
  )
  return [...new Map(inOrder.map(connection => [connection.sourceId, connection])).values()]
}
