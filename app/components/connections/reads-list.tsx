import { AsOfLink } from '../time/as-of-link.tsx'
import { Badge } from '../ui/badge.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import type { ConnectorCard } from './answers.ts'

/** What the connector reads: why, with which permission and licence, and for which controls. */
export function ReadsList({
  organizationBase,
  reads,
}: { organizationBase: string } & Pick<ConnectorCard, 'reads'>) {
  return (
    <ul className="divide-y divide-line">
      {reads.map(read => (
        <li
          key={read.kind}
          className="grid gap-x-6 gap-y-2 px-4 py-3 lg:grid-cols-[minmax(0,1.5fr)_minmax(0,1fr)]"
        >
          <div className="min-w-0">
            <h3 className="flex flex-wrap items-baseline gap-x-2 font-semibold text-ink">
              {read.title}
              <span className="text-xs font-normal text-ink-3">
                {read.mode === 'feed' ? 'every event since the last read' : 'the whole state, each time'}
                {read.cadence === 'daily'
                  ? `; read once a day, apart from the hourly syncs, stale after ${read.staleAfterHours} hours`
                  : ''}
              </span>
            </h3>
            <p className="text-s text-ink-2">{read.purpose}</p>
            <Disclosure summary="The exact request">
              <code className="block rounded-s bg-sunken px-2 py-1 font-mono text-xs break-all text-ink">
                {read.request}
              </code>
            </Disclosure>
          </div>
          <dl className="grid grid-cols-[6.5rem_minmax(0,1fr)] content-start gap-x-3 gap-y-1 text-s">
            <dt className="text-ink-3">{read.scopes.length === 1 ? 'Permission' : 'Permissions'}</dt>
            <dd className="font-mono text-xs leading-5 break-all">{read.scopes.join(', ')}</dd>
            <dt className="text-ink-3">Licence</dt>
            <dd>
              {read.licence ?? 'none'}
              {read.absentIn.length > 0 ? `; not in ${read.absentIn.join(', ')}` : ''}
            </dd>
            <dt className="text-ink-3">Serves</dt>
            <dd className="flex flex-wrap gap-1">
              {read.controls.length === 0 ? 'no control of the present catalogue yet' : null}
              {read.controls.map(control => (
                <AsOfLink
                  key={control.id}
                  to={`${organizationBase}/controls/${control.id}`}
                  title={control.title}
                  className="inline-flex min-h-6 min-w-6 items-center"
                >
                  <Badge tone="accent">{control.id}</Badge>
                  <span className="sr-only"> {control.title}</span>
                </AsOfLink>
              ))}
            </dd>
          </dl>
        </li>
      ))}
    </ul>
  )
}
