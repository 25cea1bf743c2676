import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { accountClass } from '../../db/schema/state.ts'
import { type AccountClass, accountClasses } from '../domain/account/class.ts'
import { type ClassAt, classAt } from '../domain/account/class-at.ts'
import { accountClassWords } from '../domain/account/class-words.ts'
import { parseItem, type UserItem } from '../domain/evidence/items.ts'
import {
  countPopulation,
  type PopulationCursor,
  type PopulationItem,
  type PopulationScope,
  type PopulationSort,
  populationPage,
} from '../evidence/queries/population-page.ts'
import { chooseSource, listSources, type Source, sourceShown } from '../evidence/queries/sources.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { deletedAccount, namesOfPeople } from '../members/person-names.ts'
import type { AccountClassRow } from '../projections/fold/rows.ts'
import { holdsAt } from '../projections/range.ts'
import { foldedRow } from '../projections/stored-projection.ts'
import type { Services } from '../services.ts'
import { classCandidates } from './class-candidates.ts'

/** `open`: without a class; `declared`: of whom a declaration stands. */
export const accountFilters = ['all', 'open', 'declared', ...accountClasses] as const
export type AccountFilter = (typeof accountFilters)[number]

export interface ListedAccount {
  readonly subjectKey: string
  readonly name: string | null
  readonly login: string | null
  readonly isEnabled: boolean | null
  readonly class: AccountClass
  readonly classWords: string
  readonly by: ClassAt['by']
  readonly openSince: Date | null
  readonly ownerName: string | null
  readonly expiresAt: Date | null
}

export interface AccountPage {
  /** Null where no directory is connected. */
  readonly sourceId: string | null
  /** All that are connected, the newest first. */
  readonly sources: readonly Omit<Source, 'kinds'>[]
  readonly accounts: readonly ListedAccount[]
  /** In the whole directory. */
  readonly total: number
  readonly previous: string | null
  readonly next: string | null
}

export interface AskedAccounts {
  source?: string | undefined
  search: string
  sort: PopulationSort
  filter: AccountFilter
  cursor: PopulationCursor | null
  /** How many at most; as many as a page shows unless said. */
  limit?: number
}

const pageSize = 50
/** How many accounts are looked through at a time, where a class that the directory gives is asked for. */
const batchSize = 1_000

const noDirectory: AccountPage = {
  sourceId: null,
  sources: [],
  accounts: [],
  total: 0,
  previous: null,
  next: null,
}

/**
 * The accounts of one directory with their classes as of a moment. What the directory says of a class stands in the
 * bodies: a filter by it reads through those that may be meant from where the page begins until the page is full.
 */
export async function listAccounts(
  services: Pick<Services, 'connectors' | 'database'>,
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  { source, search, sort, filter, cursor, limit = pageSize }: AskedAccounts,
): Promise<AccountPage> {
  const { position, instant, isNow } = asOf
  const sources = await listSources(services, transaction, organizationId, position)
  if (sources.length === 0 && source === undefined) return noDirectory
  const { sourceId } = chooseSource(sources, source)
  const declared = await declaredClasses(transaction, organizationId, { sourceId, position })
  const whole: PopulationScope = { sourceId, kind: 'user_inventory', position, isNow, search, sort }
  const isDeclaration = filter === 'declared' || neverSuggested.has(filter)
  const among = isDeclaration
    ? [...declared.keys()]
    : await classCandidates(transaction, filter, { organizationId, sourceId, asOf, declared })
  const scope = among === null ? whole : { ...whole, among }
  const classed = (item: PopulationItem) => classedAccount(item, declared.get(item.subjectKey), instant)
  // Where every account is wanted, nothing is looked through in vain: one more than the page.
  const batch = filter === 'all' ? limit + 1 : batchSize
  const page = await filledPage(transaction, { organizationId, scope, cursor, limit, batch }, item =>
    isWanted(classed(item), filter),
  )
  const { total } = await countPopulation(transaction, organizationId, { ...whole, search: '' })
  const owners = await namesOfPeople(
    services.database,
    [...declared.values()].flatMap(row => row.ownerId ?? []),
  )
  return {
    sourceId,
    sources: sources.map(sourceShown),
    accounts: page.items.map(item => listed(item, classed(item), declared.get(item.subjectKey), owners)),
    total,
    previous: page.hasPrevious ? (page.items[0]?.subjectKey ?? null) : null,
    next: page.hasNext ? (page.items.at(-1)?.subjectKey ?? null) : null,
  }
}

/** Nobody is taken for one of these without a declaration. */
const neverSuggested: ReadonlySet<string> = new Set<AccountClass>(['emergency', 'service', 'shared'])

/** The last word on each account that was ever declared, as of a position, by subject key. */
export async function declaredClasses(
  transaction: Transaction,
  organizationId: string,
  { sourceId, position }: { sourceId: string; position: number },
): Promise<Map<string, AccountClassRow>> {
  const rows = await transaction
    .select()
    .from(accountClass)
    .where(and(holdsAt(accountClass, organizationId, position), eq(accountClass.sourceId, sourceId)))
  return new Map(rows.map(row => [row.subjectKey, foldedRow<'accountClass'>(row)]))
}

interface Classed {
  readonly user: UserItem | null
  readonly standing: ClassAt | null
}

function classedAccount(
  { body }: Pick<PopulationItem, 'body'>,
  declared: AccountClassRow | undefined,
  at: Date,
): Classed {
  const user = body === null ? null : parseItem('user_inventory', body)
  return { user, standing: user && classAt(user, declared, at) }
}

function isWanted({ standing }: Classed, filter: AccountFilter): boolean {
  if (filter === 'all') return true
  if (!standing) return false
  if (filter === 'open') return standing.openSince !== null
  if (filter === 'declared') return standing.by === 'declaration'
  return standing.class === filter && standing.openSince === null
}

function listed(
  { subjectKey }: PopulationItem,
  { user, standing }: Classed,
  declared: AccountClassRow | undefined,
  owners: ReadonlyMap<string, string>,
): ListedAccount {
  const isDeclared = standing?.by === 'declaration'
  const known = standing?.class ?? 'person'
  return {
    subjectKey,
    name: user?.displayName ?? null,
    login: user?.userPrincipalName ?? null,
    isEnabled: user?.accountEnabled ?? null,
    class: known,
    classWords: accountClassWords[known].name,
    by: standing?.by ?? 'directory',
    openSince: standing?.openSince ?? null,
    ownerName: isDeclared && declared?.ownerId ? (owners.get(declared.ownerId) ?? deletedAccount) : null,
    expiresAt: isDeclared ? (declared?.expiresAt ?? null) : null,
  }
}

/** A page of what is wanted, in the direction of its cursor. */
async function filledPage(
  transaction: Transaction,
  asked: {
    organizationId: string
    scope: PopulationScope
    cursor: PopulationCursor | null
    limit: number
    batch: number
  },
  isWantedItem: (item: PopulationItem) => boolean,
): Promise<{ items: PopulationItem[]; hasPrevious: boolean; hasNext: boolean }> {
  const { organizationId, scope, limit, batch } = asked
  const isBackwards = asked.cursor?.direction === 'before'
  const found: PopulationItem[] = []
  let cursor = asked.cursor
  let hasMore = true
  while (hasMore && found.length <= limit) {
    const part = await populationPage(transaction, organizationId, scope, cursor, batch)
    const wanted = part.items.filter(isWantedItem)
    if (isBackwards) found.unshift(...wanted)
    else found.push(...wanted)
    hasMore = isBackwards ? part.hasPrevious : part.hasNext
    const edge = isBackwards ? part.items[0] : part.items.at(-1)
    if (!edge) break
    cursor = { direction: isBackwards ? 'before' : 'after', subjectKey: edge.subjectKey }
  }
  const isFuller = found.length > limit
  const items = isBackwards ? found.slice(-limit) : found.slice(0, limit)
  return {
    items,
    hasPrevious: isBackwards ? isFuller : asked.cursor !== null,
    hasNext: isBackwards || isFuller,
  }
}
