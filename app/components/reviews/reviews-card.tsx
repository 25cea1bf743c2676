import type { FormRefusal } from '../../lib/form-action.ts'
import { useIsAllowed } from '../../lib/organization.ts'
import type { ReviewsData } from './answers.ts'
import { ChangesCard } from './changes-card.tsx'
import { GuestsCard } from './guests-card.tsx'
import { SignInsCard } from './sign-ins-card.tsx'

/** What people look at and see to: changes of the policies, risky sign-ins, guests. */
export function ReviewsCard({ reviews, isNow, refusal }: ReviewsCardProps) {
  const isReviewer = useIsAllowed('reviews:decide') && isNow
  switch (reviews.of) {
    case 'changes':
      return <ChangesCard shown={reviews} isReviewer={isReviewer} refusal={refusal} />
    case 'sign_ins':
      return <SignInsCard shown={reviews} isReviewer={isReviewer} refusal={refusal} />
    case 'guests':
      return <GuestsCard shown={reviews} isReviewer={isReviewer} refusal={refusal} />
  }
}

type ReviewsCardProps = { reviews: ReviewsData; isNow: boolean; refusal: FormRefusal | undefined }
