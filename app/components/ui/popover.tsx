import { type ReactNode, useRef } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { useDismissal } from '../../lib/dismissal.ts'

/**
 * A small panel under its summary, by `<details>`: it opens without JavaScript. With it, a click outside, Escape and
 * going to another page close it.
 */
export function Popover({ summary, isWide = false, className, children }: PopoverProps) {
  const details = useRef<HTMLDetailsElement>(null)
  useDismissal(details, details)
  return (
    <details ref={details} className={classNames('relative', className)}>
      <summary className="bare-summary cursor-pointer rounded-s">{summary}</summary>
      <div
        className={classNames(
          'absolute top-full z-30 mt-1.5 rounded-m border border-line-strong bg-surface text-ink shadow-raised',
          isWide ? 'inset-x-0' : 'end-0',
        )}
      >
        {children}
      </div>
    </details>
  )
}

export type PopoverProps = {
  summary: ReactNode
  /** As wide as what opens it; else it ends where that does. */
  isWide?: boolean
  className?: string
  children: ReactNode
}
