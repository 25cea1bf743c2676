import { formatNumber } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import type { OverviewData } from './overview.tsx'

type Gap = OverviewData['gaps'][number]

/** What the strip's colours only show: which hours brought nothing, of what, and why. The newest come first. */
export function HourGaps({ overview }: { overview: OverviewData }) {
  const { gaps, strip, sources } = overview
  const base = useBase()
  if (gaps.length === 0) return null
  const [shown, rest] = [gaps.slice(0, most), gaps.slice(most)]
  return (
    <div className="mt-3">
      <Disclosure summary={`What did not come in its hour, and why (${formatNumber(gaps.length)})`}>
        <ol className="grid gap-2.5">
          {shown.map(gap => {
            const source = sources.find(each => each.sourceId === gap.sourceId)
            return (
              <li key={keyOf(gap)} className="text-s break-words text-ink-2">
                <p>
                  <span className="font-semibold text-ink">{kindsOf(gap)}</span>: {strip.words[gap.state]},{' '}
                  {gap.hours === 1 ? '1 hour' : `${formatNumber(gap.hours)} hours`} from{' '}
                  <Time value={gap.from} />
                  {sources.length > 1 && source ? ` (${source.label})` : null}
                </p>
                <p>
                  {gap.why}{' '}
                  {source ? (
                    <AsOfLink
                      to={`${base}/settings/integrations/connections/${source.connectionId}`}
                      className="link"
                    >
                      Connection
                    </AsOfLink>
                  ) : null}
                </p>
              </li>
            )
          })}
        </ol>
        {rest.length > 0 ? (
          <p className="pt-2.5 text-ink-2">{`${formatNumber(rest.length)} more are in the CSV.`}</p>
        ) : null}
      </Disclosure>
    </div>
  )
}

const most = 12

const kindsOf = ({ kinds }: Gap): string => kinds.map(({ title }) => title).join(', ')

const keyOf = ({ sourceId, kinds, from, state }: Gap): string =>
  [sourceId, from.getTime(), state, ...kinds.map(({ kind }) => kind)].join(' ')
