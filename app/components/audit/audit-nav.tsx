import { useLocation } from '@remix-run/react'
import { classNames } from '../../lib/class-names.ts'
import { useBase, useIsAllowed } from '../../lib/organization.ts'
import { isAt } from '../layout/main-nav.ts'
import { AsOfLink } from '../time/as-of-link.tsx'

/** The places of the audit trail. */
export function AuditNav() {
  const base = useBase()
  const { pathname } = useLocation()
  const canExport = useIsAllowed('ledger:export')
  const canSubscribe = useIsAllowed('checkpoints:subscribe')
  const places = [
    { to: `${base}/audit`, label: 'Events', isExact: true },
    { to: `${base}/audit/compare`, label: 'Compare', isExact: false },
    { to: `${base}/audit/checkpoints`, label: 'Checkpoints', isExact: false },
    ...(canSubscribe ? [{ to: `${base}/audit/subscriptions`, label: 'Subscriptions', isExact: false }] : []),
    ...(canExport ? [{ to: `${base}/audit/exports`, label: 'Exports', isExact: false }] : []),
  ]
  return (
    <nav aria-label="Audit trail" className="border-b border-line">
      {/* On a narrow phone the places scroll in one line. */}
      <ul className="-mb-px flex gap-x-3 overflow-x-auto sm:gap-x-5">
        {places.map(place => (
          <li key={place.to}>
            <AsOfLink
              to={place.to}
              aria-current={isAt(place, pathname) ? 'page' : undefined}
              className={classNames(
                'inline-block border-b-2 px-0.5 pt-1 pb-2 text-s sm:text-m',
                isAt(place, pathname)
                  ? 'border-accent font-semibold text-accent'
                  : 'border-transparent text-ink-2 hover:border-line-strong hover:text-ink',
              )}
            >
              {place.label}
            </AsOfLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}
