import type { Transaction } from '../../../db/client.ts'
import { catalogue, controlsServedBy, latestCatalogueVersion } from '../../domain/control/catalogue.ts'
import type { EvidenceKind } from '../../domain/evidence/kinds.ts'
import { notFound } from '../../errors.ts'
import type { AsOf } from '../../ledger/position-at.ts'
import { periodStart } from '../../members/auditor-period.ts'
import type { Access } from '../../members/resolve-access.ts'
import type { Services } from '../../services.ts'
import { evidenceHistory } from './history.ts'
import { kindStates } from './kind-states.ts'
import { kindView } from './kind-view.ts'
import { chooseSource, listSources, sourceShown } from './sources.ts'

/** One kind of one directory as of a moment. @throws {AppError} not_found where the directory does not offer it */
export async function showKind(
  services: Pick<Services, 'connectors'>,
  transaction: Transaction,
  access: Access,
  asOf: AsOf,
  asked: { kind: EvidenceKind; sourceId: string | undefined; before: number | undefined },
) {
  const { organizationId } = access
  const sources = await listSources(services, transaction, organizationId, asOf.position)
  const source = chooseSource(sources, asked.sourceId)
  const { sourceId } = source
  const { kind, before } = asked
  const [state] = await kindStates(
    transaction,
    organizationId,
    { ...source, kinds: source.kinds.filter(read => read === kind) },
    asOf,
  )
  if (!state) throw notFound('kind of evidence')
  const start = await periodStart(transaction, access)
  return {
    source: sourceShown(source),
    sources: sources.map(sourceShown),
    state,
    view: await kindView(transaction, organizationId, asOf, { sourceId, kind }),
    controls: controlsServedBy(catalogue(latestCatalogueVersion), kind).map(({ id, title }) => ({
      id,
      title,
    })),
    history: await evidenceHistory(transaction, organizationId, {
      sourceId,
      kind,
      position: asOf.position,
      before,
      start,
    }),
  }
}
