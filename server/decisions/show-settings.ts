import { desc } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { organizationProfile, threshold } from '../../db/schema/state.ts'
import { readCatalogue } from '../coverage/read-coverage.ts'
import { type OutOfScopeReason, readOutOfScope } from '../coverage/read-scope.ts'
import { readSources } from '../coverage/read-sources.ts'
import { sourceLabels } from '../coverage/source-labels.ts'
import { latestCatalogueVersion } from '../domain/control/catalogue.ts'
import type { Threshold } from '../domain/control/definition.ts'
import { rangeWords } from '../domain/control/threshold-words.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { deletedAccount, namesOfPeople, personOf } from '../members/person-names.ts'
import { holdsAt } from '../projections/range.ts'
import type { Services } from '../services.ts'

export interface ShownThreshold extends Threshold {
  readonly value: number
  readonly range: string
  /** Who set it last, and when; null where it is the default that nobody touched. */
  readonly set: { readonly byName: string; readonly at: Date } | null
}

export interface ShownScope {
  readonly id: string
  readonly title: string
  readonly outOfScope: { readonly reason: string; readonly since: Date; readonly byName: string } | null
}

export interface ShownSettings {
  readonly catalogueVersion: number
  /** The newest version that can be adopted. */
  readonly offeredVersion: number
  /** Owners and admins get in with a second factor only. */
  readonly isSecondFactorRequired: boolean
  readonly thresholds: readonly ShownThreshold[]
  readonly controls: readonly ShownScope[]
  readonly sources: readonly (ShownScope & { readonly isRevoked: boolean })[]
}

/** What an organization set of its rules as of a moment. */
export async function showSettings(
  services: Pick<Services, 'connectors' | 'database'>,
  transaction: Transaction,
  organizationId: string,
  { position }: Pick<AsOf, 'position'>,
): Promise<ShownSettings> {
  const catalogue = await readCatalogue(transaction, organizationId, position)
  const [profile] = await transaction
    .select({ isRequired: organizationProfile.isSecondFactorRequired })
    .from(organizationProfile)
    .where(holdsAt(organizationProfile, organizationId, position))
  const set = await transaction
    .select()
    .from(threshold)
    .where(holdsAt(threshold, organizationId, position))
    .orderBy(desc(threshold.fromPosition))
  const scope = await readOutOfScope(transaction, organizationId, position)
  const sources = await readSources(transaction, organizationId, position, services.connectors)
  const labels = await sourceLabels(transaction, organizationId, position, sources)
  const actors = [...set, ...scope.controls.values(), ...scope.sources.values()].map(({ actor }) => actor)
  const names = await namesOfPeople(
    services.database,
    actors.flatMap(actor => personOf(actor) ?? []),
  )
  const nameOf = (actor: string) => names.get(personOf(actor) ?? '') ?? deletedAccount
  const scopeOf = (found: OutOfScopeReason | undefined) =>
    found ? { reason: found.reason, since: found.since, byName: nameOf(found.actor) } : null
  return {
    catalogueVersion: catalogue.version,
    offeredVersion: latestCatalogueVersion,
    isSecondFactorRequired: profile?.isRequired ?? false,
    thresholds: (catalogue.thresholds ?? []).map(each => {
      const own = set.find(row => row.thresholdId === each.id)
      return {
        ...each,
        value: own?.value ?? each.default,
        range: rangeWords(each),
        set: own ? { byName: nameOf(own.actor), at: own.at } : null,
      }
    }),
    controls: catalogue.controls.map(({ id, title }) => ({
      id,
      title,
      outOfScope: scopeOf(scope.controls.get(id)),
    })),
    sources: sources.map(source => ({
      id: source.sourceId,
      title: labels.get(source.sourceId) ?? source.connectorName,
      isRevoked: source.isRevoked,
      outOfScope: scopeOf(scope.sources.get(source.sourceId)),
    })),
  }
}
