import Menu from 'lucide-react/icons/menu'
import { type ReactNode, useRef } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { useDismissal } from '../../lib/dismissal.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Logo } from '../ui/logo.tsx'

/**
 * The menu beside the page where there is room, and on a phone below a bar that opens it: the same menu, which stands
 * after the `<details>` that shows it, since what is inside a closed one is shown nowhere.
 */
export function MenuHeader({ base, name, isPast, children }: MenuHeaderProps) {
  const header = useRef<HTMLElement>(null)
  const details = useRef<HTMLDetailsElement>(null)
  useDismissal(details, header)
  return (
    <header
      ref={header}
      className={classNames(
        'border-line max-md:sticky max-md:top-0 max-md:z-30 max-md:border-b max-md:px-4 max-md:py-2 md:border-e print:hidden',
        isPast ? 'max-md:border-past/35 max-md:bg-past-soft' : 'max-md:bg-paper',
      )}
    >
      <details ref={details} className="peer md:hidden">
        <summary className="bare-summary cursor-pointer rounded-s">
          <span className="flex items-center gap-3 py-1">
            <Logo />
            <span className="min-w-0 flex-1 truncate text-end text-s text-ink-2">
              {isPast ? <strong className="font-semibold text-past">Looking back</strong> : name}
            </span>
            <Menu aria-hidden className="size-5" />
            <span className="sr-only">Menu</span>
          </span>
        </summary>
      </details>
      <div className="menu-panel hidden flex-col gap-0.5 overflow-y-auto peer-open:flex md:sticky md:top-0 md:flex md:h-screen md:px-3 md:py-4">
        <AsOfLink to={base} className="mb-2 rounded-s px-2.5 py-1.5 max-md:hidden">
          <Logo />
        </AsOfLink>
        {children}
      </div>
    </header>
  )
}

type MenuHeaderProps = {
  base: string
  /** The organization's, on the phone's bar. */
  name: string
  isPast: boolean
  children: ReactNode
}
