import { and, eq, inArray } from 'drizzle-orm'
import type { Transaction } from '../../../db/client.ts'
import { itemBody } from '../../../db/schema/ledger.ts'
import { membership } from '../../../db/schema/state.ts'
import type { Reason } from '../../domain/control/judgement.ts'
import type { EvidenceKind } from '../../domain/evidence/kinds.ts'
import { holdsAt } from '../../projections/range.ts'

/** What an object of the directory was called as of a position. */
export interface SubjectName {
  readonly name: string | null
  readonly login: string | null
  /** True where the body is no longer held, so that the name cannot be told. */
  readonly isRemoved: boolean
}

interface Asked {
  organizationId: string
  position: number
  sourceId: string
  kinds: readonly EvidenceKind[]
  subjectKeys: readonly string[]
}

/** Names by subject key, from the bodies of the items as of the position. Of several kinds the first given counts. */
export async function subjectNames(
  transaction: Transaction,
  asked: Asked,
): Promise<Map<string, SubjectName>> {
  const { organizationId, position, sourceId, kinds, subjectKeys } = asked
  const keys = [...new Set(subjectKeys)].filter(key => uuid.test(key))
  if (keys.length === 0 || kinds.length === 0) return new Map()
  const rows = await transaction
    .select({ key: membership.subjectKey, kind: membership.kind, body: itemBody.body })
    .from(membership)
    .leftJoin(
      itemBody,
      and(eq(itemBody.organizationId, organizationId), eq(itemBody.hash, membership.itemHash)),
    )
    .where(
      and(
        holdsAt(membership, organizationId, position),
        eq(membership.sourceId, sourceId),
        inArray(membership.kind, [...kinds]),
        inArray(membership.subjectKey, keys),
      ),
    )
  const byPreference = rows.sort((one, other) => rank(kinds, other.kind) - rank(kinds, one.kind))
  return new Map(byPreference.map(row => [row.key, nameIn(row.body)]))
}

/**
 * The names of the policies and accounts that reasons speak of, for {@link explainReason}: looked up where they are
 * shown, since no event holds a name.
 */
export async function namesInReasons(
  transaction: Transaction,
  asked: Omit<Asked, 'kinds' | 'subjectKeys'>,
  reasons: readonly Reason[],
): Promise<(id: string) => string> {
  const ids = reasons
    .flatMap(reason => Object.values(reason.detail).flat())
    .filter(value => typeof value === 'string')
  const names = await subjectNames(transaction, {
    ...asked,
    kinds: ['conditional_access_policies', 'user_inventory'],
    subjectKeys: ids,
  })
  return id => {
    const name = names.get(id)?.name
    return name ? `“${name}”` : id
  }
}

function nameIn(body: string | null): SubjectName {
  if (body === null) return { name: null, login: null, isRemoved: true }
  const item: unknown = JSON.parse(body)
  const text = (field: string) => {
    const value: unknown =
      typeof item === 'object' && item !== null
        ? Object.entries(item).find(([name]) => name === field)?.[1]
        : null
    return typeof value === 'string' && value !== '' ? value : null
  }
  return {
    name: text('displayName') ?? text('userDisplayName'),
    login: text('userPrincipalName'),
    isRemoved: false,
  }
}

const rank = (kinds: readonly string[], kind: string) => kinds.indexOf(kind)
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
