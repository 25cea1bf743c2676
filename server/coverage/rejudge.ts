import { absentKinds } from '../connectors/offered.ts'
import type { Unit } from '../ledger/ledger.ts'
import type { Services } from '../services.ts'
import { evaluateControls } from './evaluate-controls.ts'
import { readSources } from './read-sources.ts'

/**
 * Judges every connected directory anew, in the transaction of a decision that its rules heed: what changes nothing
 * appends nothing. A directory that no run has come to yet is judged by its first run.
 */
export async function rejudge(services: Pick<Services, 'connectors'>, unit: Unit): Promise<void> {
  const { transaction, organizationId } = unit
  const sources = await readSources(transaction, organizationId, now, services.connectors)
  for (const { sourceId, connection, isRevoked } of sources) {
    if (isRevoked) continue
    const { manifest } = services.connectors.get(connection.connector)
    await evaluateControls(unit, {
      sourceId,
      requiredScopes: manifest.requiredScopes,
      absentKinds: absentKinds(manifest, connection.cloud),
      onlyJudged: true,
    })
  }
}

/** After every position there is. */
const now = Number.MAX_SAFE_INTEGER
