import { type EvidenceKind, evidenceKinds } from '../domain/evidence/kinds.ts'
import type { ConnectorManifest, ConnectorRead } from './contract.ts'

/** What a connector reads in a cloud, in its own order: the one place that says so. */
export const offeredReads = ({ reads }: Pick<ConnectorManifest, 'reads'>, cloud: string): ConnectorRead[] =>
  reads.filter(read => isOffered(read, cloud))

/** The kinds of {@link offeredReads}. */
export const offeredKinds = (manifest: Pick<ConnectorManifest, 'reads'>, cloud: string): EvidenceKind[] =>
  offeredReads(manifest, cloud).map(read => read.kind)

/** Every other kind: nothing of it is expected of the source, whether its cloud or the connector goes without it. */
export function absentKinds(manifest: Pick<ConnectorManifest, 'reads'>, cloud: string): EvidenceKind[] {
  const offered = offeredKinds(manifest, cloud)
  return evidenceKinds.filter(kind => !offered.includes(kind))
}

export const isOffered = ({ absentIn }: Pick<ConnectorRead, 'absentIn'>, cloud: string): boolean =>
  !absentIn.includes(cloud)
