import ChevronRight from 'lucide-react/icons/chevron-right'
import type { ReactNode } from 'react'

/** Something that may be opened. Native, so that it works without JavaScript and by find-in-page. */
export function Disclosure({ summary, isOpen = false, children }: DisclosureProps) {
  return (
    <details open={isOpen} className="group text-s">
      <summary className="bare-summary inline-flex min-h-6 cursor-pointer items-center gap-1 rounded-s font-medium text-ink-2 hover:text-ink">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        {summary}
      </summary>
      <div className="pt-2 ps-5">{children}</div>
    </details>
  )
}

export type DisclosureProps = { summary: ReactNode; isOpen?: boolean; children: ReactNode }
