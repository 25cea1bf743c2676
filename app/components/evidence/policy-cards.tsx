import type { ReactNode } from 'react'
import { formatCount } from '../../lib/format.ts'
import { Card } from '../ui/card.tsx'
import { Status, type StatusValue } from '../ui/status.tsx'
import type { KindData } from './answers.ts'

type Policy = KindData['view']['policies'][number]

/** Conditional access policies in words: who, where, under which conditions, what is asked, and who is left out. */
export function PolicyCards({ policies }: { policies: Policy[] }) {
  return (
    <Card id="policies" title="Policies in words" action={formatCount(policies.length, 'policy', 'policies')}>
      <ul className="grid gap-3 lg:grid-cols-2">
        {policies.map(policy => (
          <li key={policy.id} className="grid content-start gap-2 rounded-s border border-line p-3.5">
            <div className="flex flex-wrap items-baseline justify-between gap-x-3 gap-y-1">
              <h3 className="min-w-0 text-m font-semibold break-words">{policy.name}</h3>
              <Status value={STATES[policy.state]} word={policy.stateWords} />
            </div>
            <p className="text-m text-ink">{policy.grant}</p>
            <dl className="grid gap-1 text-s">
              <Line name="Of">{policy.who.join(', ') || 'nobody'}</Line>
              <Line name="At">{policy.apps.join(', ') || 'no app'}</Line>
              {policy.conditions.length > 0 ? <Line name="When">{policy.conditions.join('; ')}</Line> : null}
              {policy.exclusions.length > 0 ? (
                <Line name="But not">
                  <span className="text-stale">{policy.exclusions.join(', ')}</span>
                </Line>
              ) : null}
            </dl>
          </li>
        ))}
      </ul>
    </Card>
  )
}

const STATES: Record<Policy['state'], StatusValue> = {
  enabled: 'pass',
  report_only: 'stale',
  disabled: 'none',
  other: 'unavailable',
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[4rem_minmax(0,1fr)] gap-x-2">
      <dt className="text-ink-3">{name}</dt>
      <dd className="break-words text-ink-2">{children}</dd>
    </div>
  )
}
