import { useLocation, useNavigation } from '@remix-run/react'
import { Fragment } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { isAt, type NavItem } from './main-nav.ts'

/** The places of the product as one list; the page being shown is marked by ground, weight and `aria-current`. */
export function SideNav({ groups }: { groups: NavItem[][] }) {
  const { pathname } = useLocation()
  const pending = useNavigation().location?.pathname
  return (
    <nav aria-label="Main">
      {groups.map((items, index) => (
        <Fragment key={items[0]?.to}>
          {index > 0 ? <hr className="mx-1 my-2.5 border-line" /> : null}
          <ul className="grid gap-0.5">
            {items.map(item => (
              <li key={item.to}>
                <NavPlace
                  item={item}
                  isActive={isAt(item, pathname)}
                  isPending={pending !== undefined && isAt(item, pending)}
                />
              </li>
            ))}
          </ul>
        </Fragment>
      ))}
    </nav>
  )
}

function NavPlace({ item, isActive, isPending }: NavPlaceProps) {
  return (
    <AsOfLink
      to={item.to}
      isPrefetched
      aria-current={isActive ? 'page' : undefined}
      className={classNames(
        'flex items-center rounded-s px-2.5 py-1.75 text-m',
        isActive
          ? 'bg-accent-soft font-semibold text-accent'
          : 'text-ink-2 hover:bg-sunken hover:text-ink aria-disabled:opacity-50',
        isPending && 'bg-sunken text-ink',
      )}
    >
      {item.label}
      {item.count !== undefined ? (
        <span
          className={classNames(
            'ms-auto text-xs tabular-nums',
            item.isHot ? 'font-semibold text-fail' : 'font-normal text-ink-3',
          )}
        >
          {item.count}
          {item.isHot ? <span className="sr-only"> open</span> : null}
        </span>
      ) : null}
    </AsOfLink>
  )
}

type NavPlaceProps = { item: NavItem; isActive: boolean; isPending: boolean }
