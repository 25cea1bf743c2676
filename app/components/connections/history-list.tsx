import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import type { ConnectionPage } from './answers.ts'

/** The steps of the connection's life, each with the way to its event. */
export function HistoryList({
  organizationBase,
  history,
}: { organizationBase: string } & Pick<ConnectionPage, 'history'>) {
  return (
    <ol className="space-y-3 text-s">
      {history.map(step => (
        <li key={step.position} className="flex flex-wrap items-baseline justify-between gap-x-4">
          <span className="min-w-0">
            <AsOfLink
              needs="ledger:read"
              to={`${organizationBase}/audit/${step.position}`}
              className="font-medium text-ink hover:text-accent hover:underline"
            >
              {step.words}
            </AsOfLink>
            <span className="text-ink-3">{step.by ? ` · ${step.by}` : ''}</span>
          </span>
          <Time value={step.at} className="text-xs text-ink-3 tabular-nums" />
        </li>
      ))}
    </ol>
  )
}
