import type { EvidenceKind } from '../../domain/evidence/kinds.ts'
import { type KindState, kindStates } from '../../evidence/queries/kind-states.ts'
import { type PopulationCsvRequest, populationCsv } from '../../evidence/queries/population-csv.ts'
import { countPopulation } from '../../evidence/queries/population-page.ts'
import { listSources, type Source } from '../../evidence/queries/sources.ts'
import type { ArchiveScope } from '../archive-scope.ts'
import type { Part, PartContext } from '../part.ts'
import { utf8 } from '../text-pieces.ts'

/** Each population as of the end, with where it comes from in its first lines. */
export const populationsPart: Part = {
  name: 'populations',
  async write(context) {
    const { services, add, done } = context
    const requests = await populationsOf(context)
    for (const request of requests) {
      const { kind, sourceId } = request.scope
      await add({
        path: `populations/${kind}-${sourceId}.csv`,
        content: utf8(populationCsv(services, { ...request, isChecked: true })),
      })
      done(request.state.populationCount)
    }
  },
}

/** Every kind of every directory, in the order of the files' names. */
async function populationsOf({ services, scope }: PartContext): Promise<PopulationCsvRequest[]> {
  const { organizationId, asOf } = scope
  return services.database.withOrganization(organizationId, async transaction => {
    const requests: PopulationCsvRequest[] = []
    for (const source of await listSources(services, transaction, organizationId, asOf.position)) {
      for (const state of await kindStates(transaction, organizationId, source, asOf)) {
        const asked = askedOf(scope, source, state)
        const { total } = await countPopulation(transaction, organizationId, asked)
        requests.push({
          organizationId,
          organizationName: scope.organizationName,
          isSimulated: scope.isSimulated,
          asOf,
          scope: asked,
          source,
          state: { ...state, populationCount: total },
        })
      }
    }
    return requests.sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1))
  })
}

/** What a feed brought before a period stays outside of it. */
const askedOf = (
  { asOf, period, before }: ArchiveScope,
  { sourceId }: Source,
  { kind, mode }: KindState,
) => ({
  sourceId,
  kind,
  position: asOf.position,
  search: '',
  sort: 'subject' as const,
  ...(period && mode === 'feed' ? { after: before } : {}),
})

const nameOf = ({ scope }: { scope: { kind: EvidenceKind; sourceId: string } }) =>
  `${scope.kind}-${scope.sourceId}`
