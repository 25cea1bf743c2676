import { NavLink } from '@remix-run/react'
import type { ReactNode } from 'react'
import { useWithAsOf } from '../../lib/as-of.ts'
import { classNames } from '../../lib/class-names.ts'

/** Views of one thing as links, each with its own address. */
export function Tabs({ label, items }: { label: string; items: TabItem[] }) {
  const keep = useWithAsOf()
  return (
    <nav aria-label={label} className="border-b border-line">
      <ul className="-mb-px flex flex-wrap gap-x-5">
        {items.map(item => (
          <li key={item.to}>
            <NavLink
              to={keep(item.to)}
              end={item.isExact ?? false}
              className={({ isActive }) =>
                classNames(
                  'inline-flex items-center gap-1.5 border-b-2 py-2 text-s',
                  isActive
                    ? 'border-accent font-semibold text-accent'
                    : 'border-transparent text-ink-2 hover:border-line-strong hover:text-ink',
                )
              }
            >
              {item.label}
              {item.count !== undefined ? (
                <span className="text-xs text-ink-3 tabular-nums">{item.count}</span>
              ) : null}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}

export type TabItem = { to: string; label: ReactNode; count?: number; isExact?: boolean }
