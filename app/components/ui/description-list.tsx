import type { ReactNode } from 'react'
import { classNames } from '../../lib/class-names.ts'

/** Names and values of one thing. Two columns where they fit; `isStacked` puts the name above the value always. */
export function DescriptionList({ items, isStacked = false }: DescriptionListProps) {
  return (
    <dl className="divide-y divide-line text-s">
      {items.map((item, index) => (
        <div
          key={index}
          className={classNames(
            'grid gap-x-4 gap-y-0.5 py-2 first:pt-0 last:pb-0',
            !isStacked && 'sm:grid-cols-[minmax(8rem,13rem)_1fr]',
          )}
        >
          <dt className="text-ink-3">{item.name}</dt>
          <dd className="min-w-0 break-words text-ink">{item.value}</dd>
        </div>
      ))}
    </dl>
  )
}

export type DescriptionListProps = { items: { name: ReactNode; value: ReactNode }[]; isStacked?: boolean }
