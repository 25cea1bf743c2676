import { type EvidenceKind, evidenceKinds } from '../domain/evidence/kinds.ts'
import type { ConnectorRead } from './contract.ts'
import type { ConnectorDeclaration } from './declaration.ts'

/** The kinds that a connector reads in a cloud, in its own order: the one place that says so. */
export const offeredKinds = ({ reads }: Pick<ConnectorDeclaration, 'reads'>, cloud: string): EvidenceKind[] =>
  reads.filter(read => isOffered(read, cloud)).map(read => read.kind)

/** Every other kind: nothing of it is expected of the source, whether its cloud or the connector goes without it. */
export function absentKinds(declared: Pick<ConnectorDeclaration, 'reads'>, cloud: string): EvidenceKind[] {
  const offered = offeredKinds(declared, cloud)
  return evidenceKinds.filter(kind => !offered.includes(kind))
}

export const isOffered = ({ absentIn }: Pick<ConnectorRead, 'absentIn'>, cloud: string): boolean =>
  !absentIn.includes(cloud)
