import type { Caller } from '../../server/trpc/router.ts'
import type { ReviewsData } from '../components/reviews/answers.ts'
import type { organizationScope } from './organization.ts'

/** What there is to review for a control; null for one that asks for nothing of the kind. */
export async function reviewsFor(
  { reviews }: Pick<Caller, 'reviews'>,
  scope: ReturnType<typeof organizationScope>,
  controlId: string,
): Promise<ReviewsData | null> {
  switch (controlId) {
    case 'AC-11':
      return { of: 'guests', ...(await reviews.guests(scope)) }
    case 'AC-12':
      return { of: 'changes', ...(await reviews.changes(scope)) }
    case 'AC-15':
      return { of: 'sign_ins', ...(await reviews.signIns(scope)) }
    default:
      return null
  }
}
