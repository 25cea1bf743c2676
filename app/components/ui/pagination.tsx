import type { ReactNode } from 'react'
import { useHrefWith } from '../../lib/as-of.ts'
import { buttonClassName } from './button.tsx'
import { PageLink } from './page-link.tsx'

/** Ways through a list by cursor or page number, kept in the address. `summary` says where one is. */
export function Pagination({
  parameter = 'cursor',
  label = 'Pages',
  first,
  previous,
  next,
  summary,
}: PaginationProps) {
  const hrefWith = useHrefWith()
  if (first == null && previous == null && next == null && summary === undefined) return null
  const step = (words: string, value: string | null | undefined, relation?: 'prev' | 'next') =>
    value == null ? null : (
      <PageLink
        to={hrefWith({ [parameter]: value === '' ? null : value })}
        rel={relation}
        className={buttonClassName({ size: 's' })}
      >
        {words}
      </PageLink>
    )
  return (
    <nav aria-label={label} className="flex flex-wrap items-center gap-2 text-s text-ink-2">
      {summary !== undefined ? <span className="tabular-nums">{summary}</span> : null}
      <span className="ms-auto flex gap-2">
        {step('« First', first)}
        {step('‹ Previous', previous, 'prev')}
        {step('Next ›', next, 'next')}
      </span>
    </nav>
  )
}

export type PaginationProps = {
  /** The search parameter that the values go into. */
  parameter?: string
  /** Set it where a page has more than one list. */
  label?: string
  /** Values of the parameter; an empty string takes it off (the first page), null or absent hides the link. */
  first?: string | null
  previous?: string | null
  next?: string | null
  summary?: ReactNode
}
