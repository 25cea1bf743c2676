import { useNavigation } from '@remix-run/react'
import { classNames } from '../../lib/class-names.ts'

/** A line along the top while another page is on its way; what is there in a blink shows none. Nothing moves for it. */
export function PendingLine() {
  const isPending = useNavigation().state !== 'idle'
  return (
    <div
      role="progressbar"
      aria-label="Loading the page"
      aria-hidden={!isPending}
      className={classNames(
        'pointer-events-none fixed inset-x-0 top-0 z-50 h-0.5 bg-accent transition-opacity print:hidden',
        isPending ? 'opacity-100 delay-200 motion-safe:animate-pulse' : 'opacity-0',
      )}
    />
  )
}
