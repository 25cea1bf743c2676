import type { Transaction } from '../../../db/client.ts'
import type { AsOf } from '../../ledger/position-at.ts'
import type { Services } from '../../services.ts'
import { type KindState, kindStates } from './kind-states.ts'
import { listSources, type Source } from './sources.ts'

export type SourceEvidence = Omit<Source, 'kinds'> & { kinds: KindState[] }

/** What was held of every kind of every directory as of a moment. No directory, no entry. */
export async function listEvidence(
  services: Pick<Services, 'connectors'>,
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
): Promise<{ sources: SourceEvidence[] }> {
  const sources = await listSources(services, transaction, organizationId, asOf.position)
  const held: SourceEvidence[] = []
  for (const source of sources) {
    held.push({ ...source, kinds: await kindStates(transaction, organizationId, source, asOf) })
  }
  return { sources: held }
}
