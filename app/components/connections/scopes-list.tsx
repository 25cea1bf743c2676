import { Code } from '../ui/code.tsx'
import { Status } from '../ui/status.tsx'
import type { ConnectionPage } from './answers.ts'

/** Required permissions against granted ones, with what each gap or surplus means. */
export function ScopesList({ scopes }: Pick<ConnectionPage, 'scopes'>) {
  return (
    <ul className="divide-y divide-line text-s">
      {scopes.map(({ scope, state, kinds }) => (
        <li
          key={scope}
          className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 py-2 first:pt-0 last:pb-0"
        >
          <span className="min-w-0">
            <Code value={scope} copyLabel={`Copy ${scope}`} />
            {state !== 'granted' ? (
              <p className="mt-0.5 text-xs text-ink-2">{meaning(state, kinds)}</p>
            ) : null}
          </span>
          {state === 'granted' ? (
            <Status value="pass" word="Granted" />
          ) : state === 'missing' ? (
            <Status value="fail" word="Missing" />
          ) : (
            <Status value="needs_attention" word="Not needed" />
          )}
        </li>
      ))}
    </ul>
  )
}

const meaning = (state: 'missing' | 'excess', kinds: string[]) =>
  state === 'missing'
    ? `Without it ${kinds.join(' and ')} cannot be read. Add it under API permissions, grant admin consent, then authorize again.`
    : 'Only reads, but is more than required: AC-16 fails until it is removed under API permissions.'
