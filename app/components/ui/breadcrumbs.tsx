import type { ReactNode } from 'react'
import { AsOfLink } from '../time/as-of-link.tsx'

/** The way up. The last crumb is this page and carries no link. */
export function Breadcrumbs({ items }: { items: { label: ReactNode; to?: string }[] }) {
  return (
    <nav aria-label="Breadcrumb" className="text-s text-ink-3">
      <ol className="flex flex-wrap items-center gap-x-1.5">
        {items.map((item, index) => (
          <li key={index} className="flex items-center gap-x-1.5">
            {index > 0 ? <span aria-hidden="true">/</span> : null}
            {item.to === undefined ? (
              <span aria-current="page">{item.label}</span>
            ) : (
              <AsOfLink to={item.to} className="py-0.5 text-ink-2 hover:text-accent hover:underline">
                {item.label}
              </AsOfLink>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
