import type { ConnectorDeclaration } from '../connectors/declaration.ts'
import { entraDeclaration } from '../connectors/entra/declaration.ts'
import { absentKinds, offeredKinds } from '../connectors/offered.ts'
import type { EvidenceKind } from '../domain/evidence/kinds.ts'
import { NotCheckable } from './finding.ts'

/** Every declaration that was ever in force, the newest of a connector first. */
const declarations: readonly ConnectorDeclaration[] = [entraDeclaration]

/** What a connector declares, and what it declared before, the newest first. @throws {NotCheckable} for an unknown one */
export function declarationsOf(
  connector: string,
): readonly [ConnectorDeclaration, ...ConnectorDeclaration[]] {
  const [newest, ...before] = declarations.filter(({ id }) => id === connector)
  if (!newest) throw new NotCheckable(`This verifier does not know the connector ${connector}.`)
  return [newest, ...before]
}

/** Kinds of which nothing is expected of a source in a cloud, as the newest declaration has it. */
export const absentKindsIn = (connector: string, cloud: string): EvidenceKind[] =>
  absentKinds(declarationsOf(connector)[0], cloud)

/** Kinds that a source in a cloud is asked for, in the connector’s order. */
export const offeredKindsIn = (connector: string, cloud: string): EvidenceKind[] =>
  offeredKinds(declarationsOf(connector)[0], cloud)
