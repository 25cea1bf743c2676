import type { ConnectorManifest, ConnectorRead } from './contract.ts'

/**
 * What verdicts and coverage depend on of a connector: plain values, without a way to reach its source, so that who
 * verifies an export can know them too. A declaration that was in force is never altered; what changes is a further one.
 */
export interface ConnectorDeclaration extends Pick<ConnectorManifest, 'id' | 'name' | 'requiredScopes'> {
  readonly reads: readonly Pick<ConnectorRead, 'kind' | 'absentIn'>[]
}
