import type { ReactNode } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { Disclosure } from '../ui/disclosure.tsx'

/** A picture and its twin in words: the same numbers as a table, for everyone who would rather read or has to. */
export function ChartFigure({
  caption,
  columns,
  rows,
  legend,
  isTableHidden = false,
  isStretched = false,
  children,
}: ChartFigureProps) {
  const table = (
    <table className="w-full text-xs tabular-nums">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          {columns.map(column => (
            <th key={column} scope="col" className="py-1 pe-3 text-start font-semibold text-ink-3">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index} className="border-t border-line">
            {row.map((cell, place) => (
              <td key={place} className="py-1 pe-3 text-ink-2">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
  return (
    <figure
      className={classNames(
        'grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3',
        isStretched && 'h-full grid-rows-[1fr] content-start',
      )}
    >
      {children}
      {legend}
      {isTableHidden ? (
        <div className="sr-only">{table}</div>
      ) : (
        <Disclosure summary="Table">
          {/* Longer than its room it scrolls: by keyboard as well. */}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable */}
          <section aria-label={caption} tabIndex={0} className="max-h-72 overflow-auto">
            {table}
          </section>
        </Disclosure>
      )}
    </figure>
  )
}

export type ChartFigureProps = {
  caption: string
  columns: string[]
  rows: ReactNode[][]
  legend?: ReactNode
  /** Keeps the table for screen readers where the same numbers stand in sight already. */
  isTableHidden?: boolean
  /** Takes the height of what stands beside it. */
  isStretched?: boolean
  children: ReactNode
}
