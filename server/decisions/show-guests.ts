import { sql } from 'drizzle-orm'
import { guestList } from '../coverage/guest-list.ts'
import type { JudgedItems } from '../coverage/judge-controls.ts'
import { parseItem, type UserItem } from '../domain/evidence/items.ts'
import { heldAt } from '../projections/range.ts'
import { declaredClasses } from './list-accounts.ts'
import { type Asked, type Reviewed, reviewsOf, sourcesAt, thresholdAt } from './show-reviews.ts'

export interface GuestListShown {
  readonly sourceId: string
  readonly count: number
  readonly fingerprint: string
  readonly guests: readonly {
    readonly subjectKey: string
    readonly name: string | null
    readonly login: string | null
    readonly createdAt: string | null
    readonly state: string | null
  }[]
  /** The last review, and whether the list was the same then; null where there was none. */
  readonly reviewed:
    | (Reviewed & { readonly until: Date; readonly count: number | null; readonly isSame: boolean })
    | null
}

/** How many guests are shown; the others are counted, and stand on the page of accounts. */
const mostShown = 500

/** Each directory's list of guests as of a moment, as a review confirms it. */
export async function showGuests(asked: Asked): Promise<GuestListShown[]> {
  const { transaction, organizationId, asOf } = asked
  const reviews = await reviewsOf(asked, 'guests')
  const days = await thresholdAt(asked, 'guest_review_days')
  const lists: GuestListShown[] = []
  for (const { sourceId } of await sourcesAt(asked)) {
    const { position, instant } = asOf
    const classes = await declaredClasses(transaction, organizationId, { sourceId, position })
    const known = new Map<string, UserItem>()
    const declared = [...classes].flatMap(([subjectKey, row]) => (row.class === 'guest' ? [subjectKey] : []))
    const items = possibleGuests(asked, { sourceId, declared }, user =>
      known.set(user.id.toLowerCase(), user),
    )
    const { subjectKeys, fingerprint } = await guestList(items, { classes }, instant)
    const review = reviews.get(sourceId)
    lists.push({
      sourceId,
      count: subjectKeys.length,
      fingerprint,
      guests: subjectKeys.slice(0, mostShown).map(subjectKey => {
        const user = known.get(subjectKey)
        return {
          subjectKey,
          name: user?.displayName ?? null,
          login: user?.userPrincipalName ?? null,
          createdAt: user?.createdDateTime ?? null,
          state: user?.externalUserState ?? null,
        }
      }),
      reviewed: review
        ? {
            at: review.at,
            doneAt: review.doneAt,
            byName: review.byName,
            note: review.note,
            until: new Date(review.doneAt.getTime() + days * 86_400_000),
            count: review.listCount,
            isSame: review.listFingerprint === fingerprint,
          }
        : null,
    })
  }
  return lists
}

const pageSize = 2_000

const signsOfGuests = sql`array['%"usertype":"guest"%', '%#ext#%', '%"creationtype":"invitation"%']`

/**
 * Every account that may be a guest as it stood, by keyset pages; `keep` is given those that are not disabled. All that
 * the directory takes for a guest (server/domain/account/class.ts) has one of the signs in its body: the database leaves
 * out the many that have none.
 */
function possibleGuests(
  { transaction, organizationId, asOf }: Asked,
  { sourceId, declared }: { sourceId: string; declared: readonly string[] },
  keep: (user: UserItem) => void,
): Pick<JudgedItems, 'eachAccount'> {
  const isDeclared =
    declared.length === 0
      ? sql``
      : sql`or m.subject_key in (${sql.join(
          declared.map(key => sql`${key}::uuid`),
          sql`, `,
        )})`
  return {
    async eachAccount(_, visit) {
      let after = '00000000-0000-0000-0000-000000000000'
      for (;;) {
        const rows = await transaction.execute<{ key: string; body: string }>(sql`
          select m.subject_key as key, b.body
            from state.membership m
            cross join lateral (
              select i.body from ledger.item_body i
               where i.organization_id = ${organizationId} and i.hash = m.item_hash limit 1) b
           where m.organization_id = ${organizationId} and m.source_id = ${sourceId} and m.kind = 'user_inventory'
             and ${heldAt('m', asOf)}
             and m.subject_key > ${after}::uuid
             and (lower(b.body) like any(${signsOfGuests}) ${isDeclared})
           order by m.subject_key limit ${pageSize}`)
        for (const { body } of rows) {
          const user = parseItem('user_inventory', body)
          if (user.accountEnabled !== false) keep(user)
          visit({ user, registration: null, activity: null })
        }
        const last = rows.at(-1)
        if (!last || rows.length < pageSize) return
        after = last.key
      }
    },
  }
}
