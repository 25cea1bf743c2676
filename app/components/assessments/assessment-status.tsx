import { Status, type StatusValue } from '../ui/status.tsx'
import type { ListedAssessment } from './answers.ts'

/** How far an assessment is. */
export function AssessmentStatus({
  status,
  isSentBack,
  isSoft = false,
}: Pick<ListedAssessment, 'status' | 'isSentBack'> & { isSoft?: boolean }) {
  const look = status === 'open' && isSentBack ? LOOKS.sent_back : LOOKS[status]
  return <Status {...look} isSoft={isSoft} />
}

const LOOKS: Record<ListedAssessment['status'] | 'sent_back', { value: StatusValue; word: string }> = {
  open: { value: 'in_progress', word: 'Open' },
  sent_back: { value: 'needs_attention', word: 'Sent back' },
  submitted: { value: 'submitted', word: 'Waits for approval' },
  approved: { value: 'approved', word: 'Approved and sealed' },
}
