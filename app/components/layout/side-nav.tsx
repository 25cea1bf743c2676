import { Fragment } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { AsOfNavLink } from '../time/as-of-link.tsx'
import type { NavItem } from './main-nav.ts'

/** The places of the product as one list; the page being shown is marked by ground, weight and `aria-current`. */
export function SideNav({ groups }: { groups: NavItem[][] }) {
  return (
    <nav aria-label="Main">
      {groups.map((items, index) => (
        <Fragment key={items[0]?.to}>
          {index > 0 ? <hr className="mx-1 my-2.5 border-line" /> : null}
          <ul className="grid gap-0.5">
            {items.map(item => (
              <li key={item.to}>
                <NavPlace item={item} />
              </li>
            ))}
          </ul>
        </Fragment>
      ))}
    </nav>
  )
}

function NavPlace({ item }: { item: NavItem }) {
  return (
    <AsOfNavLink
      to={item.to}
      end={item.isExact ?? false}
      prefetch="intent"
      className={({ isActive, isPending }) =>
        classNames(
          'flex items-center rounded-s px-2.5 py-1.75 text-m',
          isActive
            ? 'bg-accent-soft font-semibold text-accent'
            : 'text-ink-2 hover:bg-sunken hover:text-ink aria-disabled:opacity-50',
          isPending && 'bg-sunken text-ink',
        )
      }
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
    </AsOfNavLink>
  )
}
