import { standingAccounts, standingGuests } from '../coverage/standing-guests.ts'
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
    const classes = await declaredClasses(transaction, organizationId, { sourceId, position: asOf.position })
    const scope = { organizationId, sourceId, asOf }
    const { count, fingerprint, first } = await standingGuests(transaction, scope, { classes }, mostShown)
    const accounts = await standingAccounts(transaction, scope, first)
    const review = reviews.get(sourceId)
    lists.push({
      sourceId,
      count,
      fingerprint,
      guests: first.map(subjectKey => {
        const user = accounts.get(subjectKey)
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
