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
      <thead className="**:[th]:py-1 **:[th]:pe-3 **:[th]:text-start **:[th]:font-semibold **:[th]:text-ink-3">
        <tr>
          {columns.map(column => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      {/* Said once: a class on each of two hundred cells is a good part of what the page takes to write. */}
      <tbody className="*:border-t *:border-line **:[td]:py-1 **:[td]:pe-3 **:[td]:text-ink-2">
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((cell, place) => (
              <td key={place}>{cell}</td>
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
