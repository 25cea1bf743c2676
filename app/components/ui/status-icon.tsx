import { classNames } from '../../lib/class-names.ts'

export type StatusShape = 'check' | 'cross' | 'clock' | 'question' | 'dash' | 'ban' | 'half' | 'run' | 'alert'

/** The shapes of states, drawn to one weight: they differ without colour. */
export function StatusIcon({ shape, className }: { shape: StatusShape; className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden="true"
      className={classNames(
        'size-4 flex-none stroke-round fill-none stroke-current stroke-[1.9]',
        shape === 'run' && 'animate-spin',
        className,
      )}
    >
      {SHAPES[shape]}
    </svg>
  )
}

const SHAPES = {
  check: <path d="M3.5 8.5l3 3 6-7" />,
  cross: <path d="M4 4l8 8M12 4l-8 8" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 5v3l2 1.5" />
    </>
  ),
  question: <path d="M5.8 6a2.2 2.2 0 1 1 3 2c-.6.3-.8.7-.8 1.3M8 12v.2" />,
  dash: <path d="M4 8h8" />,
  ban: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M4.2 4.2l7.6 7.6" />
    </>
  ),
  half: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" stroke="none" />
    </>
  ),
  run: <path d="M13.5 8A5.5 5.5 0 1 1 8 2.5" />,
  alert: <path d="M8 3v6M8 12.4v.1" />,
}
