import type { ReactNode } from 'react'

/** A page's heading; `right` holds the time control and the page's actions. */
export function PageHeader({ title, mark, description, breadcrumbs, right }: PageHeaderProps) {
  return (
    <header className="flex flex-col gap-1">
      {breadcrumbs}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="min-w-0 text-xl font-title tracking-tight break-words">{title}</h1>
          {mark}
        </div>
        {right !== undefined ? (
          <div className="ms-auto flex flex-wrap items-center gap-x-3 gap-y-2 text-s text-ink-2">{right}</div>
        ) : null}
      </div>
      {description !== undefined ? <p className="max-w-prose text-m text-ink-2">{description}</p> : null}
    </header>
  )
}

export type PageHeaderProps = {
  title: ReactNode
  /** A Status or Badge beside the title. */
  mark?: ReactNode
  description?: ReactNode
  breadcrumbs?: ReactNode
  right?: ReactNode
}
