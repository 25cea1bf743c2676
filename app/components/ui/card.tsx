import type { ReactNode } from 'react'
import { classNames } from '../../lib/class-names.ts'

/** A titled surface. `action` sits at the right of the title; `isFlush` leaves the body without padding (tables). */
export function Card({ title, action, footer, id, isFlush = false, className, children }: CardProps) {
  return (
    <section
      id={id}
      aria-labelledby={id && title ? `${id}-title` : undefined}
      className={classNames('flex min-w-0 flex-col rounded-m border border-line bg-surface', className)}
    >
      {title !== undefined || action !== undefined ? (
        <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 pt-4 pb-3">
          {title !== undefined ? (
            <h2 id={id ? `${id}-title` : undefined} className="text-s font-semibold text-ink-2">
              {title}
            </h2>
          ) : null}
          {action !== undefined ? <div className="ms-auto text-xs">{action}</div> : null}
        </header>
      ) : null}
      <div
        className={classNames(
          'grow',
          !isFlush && 'px-4 pb-4',
          !isFlush && title === undefined && action === undefined && 'pt-4',
        )}
      >
        {children}
      </div>
      {footer !== undefined ? (
        <footer className="border-t border-line px-4 py-3 text-s text-ink-2">{footer}</footer>
      ) : null}
    </section>
  )
}

export type CardProps = {
  title?: ReactNode
  action?: ReactNode
  footer?: ReactNode
  id?: string
  isFlush?: boolean
  className?: string
  children: ReactNode
}
