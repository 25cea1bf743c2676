import type { ReactNode } from 'react'

/** The one number of a card, with its unit in small. Show its parts beside it. */
export function BigFigure({ value, unit }: { value: ReactNode; unit?: ReactNode }) {
  return (
    <p className="mt-1 mb-3.5 text-xxl font-title tracking-[-0.03em] tabular-nums">
      {value}
      {unit !== undefined ? (
        <small className="ms-1 text-[1.25rem] font-medium text-ink-3">{unit}</small>
      ) : null}
    </p>
  )
}
