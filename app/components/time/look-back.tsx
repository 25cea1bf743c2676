import History from 'lucide-react/icons/history'
import { useId } from 'react'
import { formatAsOf, useAsOf, useHrefWith } from '../../lib/as-of.ts'
import { useNow } from '../../lib/clock.ts'
import { buttonClassName } from '../ui/button.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { Popover } from '../ui/popover.tsx'
import { InstantForm } from './instant-form.tsx'
import { NowMark } from './now-mark.tsx'

const HOUR = 3_600_000
const LEAPS = [
  { label: 'An hour ago', hours: 1 },
  { label: 'Yesterday', hours: 24 },
  { label: 'A week ago', hours: 7 * 24 },
  { label: '30 days ago', hours: 30 * 24 },
]

/** Opens the way to any past instant of the page one is on. */
export function LookBack() {
  const id = useId()
  const hrefWith = useHrefWith()
  const now = useNow()
  if (now === null) return null
  return (
    <Popover
      summary={
        <span className={buttonClassName()}>
          <History aria-hidden />
          Look back
        </span>
      }
    >
      <div className="grid w-72 max-w-[calc(100vw-3rem)] gap-3 p-4">
        <p className="text-s text-ink-2">
          See this page as it was: the same rules, only what was known then.
        </p>
        <ul className="flex flex-wrap gap-1.5">
          {LEAPS.map(leap => (
            <li key={leap.hours}>
              <PageLink
                to={hrefWith({ asOf: formatAsOf(new Date(now.getTime() - leap.hours * HOUR)), cursor: null })}
                className={buttonClassName({ size: 's' })}
              >
                {leap.label}
              </PageLink>
            </li>
          ))}
        </ul>
        <InstantForm id={id} instant={new Date(now.getTime() - 24 * HOUR)} latest={now} variant="primary" />
      </div>
    </Popover>
  )
}

/** The time control of a page header: now with a way back, or, looking back, a word that nothing can be changed. */
export function TimeControl() {
  const asOf = useAsOf()
  if (asOf !== null) return <span className="text-s text-ink-2">read-only</span>
  return (
    <>
      <NowMark />
      <div className="print:hidden">
        <LookBack />
      </div>
    </>
  )
}
