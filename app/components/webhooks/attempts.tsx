import { Time } from '../time/time.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { Status } from '../ui/status.tsx'

/** The newest attempts to send something, folded away: what was sent, when, and what came back. */
export function Attempts({ attempts, isSubjectShown = false }: AttemptsProps) {
  const [newest] = attempts
  if (!newest) return <span className="text-ink-3">Nothing was sent yet</span>
  return (
    <div className="grid gap-1">
      <Outcome {...newest} />
      <Disclosure summary={attempts.length === 1 ? 'One attempt' : `Last ${attempts.length} attempts`}>
        <ol className="grid gap-1.5">
          {attempts.map(attempt => (
            <li key={`${attempt.subject} ${attempt.attempt}`} className="text-xs text-ink-2">
              <Time value={attempt.at} /> · {isSubjectShown ? `${attempt.subject} · ` : ''}
              {attempt.isDelivered ? 'delivered' : `failed: ${attempt.explanation}`}
              {attempt.status === null ? '' : ` (status ${attempt.status})`}
            </li>
          ))}
        </ol>
      </Disclosure>
    </div>
  )
}

export type Attempt = {
  subject: string
  attempt: number
  at: Date
  isDelivered: boolean
  status: number | null
  explanation: string | null
}

type AttemptsProps = { attempts: readonly Attempt[]; isSubjectShown?: boolean }

function Outcome({ isDelivered, at, explanation }: Attempt) {
  return (
    <span>
      <Status
        value={isDelivered ? 'succeeded' : 'failed'}
        word={isDelivered ? 'Delivered' : 'Not delivered'}
      />{' '}
      <Time value={at} mode="relative" className="text-xs text-ink-2" />
      {isDelivered ? null : <span className="block text-xs text-ink-2">{explanation}</span>}
    </span>
  )
}
