import { Link, useSearchParams } from '@remix-run/react'
import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import ChevronsUpDown from 'lucide-react/icons/chevrons-up-down'
import type { ReactNode } from 'react'
import { useHrefWith } from '../../lib/as-of.ts'
import { classNames } from '../../lib/class-names.ts'

/**
 * A table of records. It sorts by address (`?sort=name`, `?sort=-name`), scrolls sideways in a region of its own, and
 * turns into labelled lists on a phone.
 */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
  empty,
  isCaptionShown,
  rowClassName,
}: DataTableProps<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section aria-label={caption} tabIndex={0} className="relative overflow-x-auto">
      <table {...ROLES.table} className="stacks-on-phone w-full border-collapse text-s">
        <caption className={isCaptionShown ? 'px-4 pb-2 text-start text-s text-ink-2' : 'sr-only'}>
          {caption}
        </caption>
        <thead {...ROLES.group}>
          <tr {...ROLES.row}>
            {columns.map(column => (
              <HeaderCell key={column.key} column={column} />
            ))}
          </tr>
        </thead>
        <tbody {...ROLES.group}>
          {rows.map(row => (
            <tr
              key={rowKey(row)}
              {...ROLES.row}
              className={classNames(
                'border-t border-line hover:bg-sunken/60 max-sm:px-4',
                rowClassName?.(row),
              )}
            >
              {columns.map(column => (
                <BodyCell key={column.key} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 ? <div className="border-t border-line">{empty}</div> : null}
    </section>
  )
}

export type DataTableProps<Row> = {
  caption: string
  columns: Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** What stands there when there are no rows: an EmptyState. */
  empty?: ReactNode
  isCaptionShown?: boolean
  rowClassName?: (row: Row) => string | undefined
}

export type Column<Row> = {
  key: string
  header: string
  cell: (row: Row) => ReactNode
  align?: 'start' | 'end'
  /** The column that names the row; usually the first. */
  isRowHeader?: boolean
  isSortable?: boolean
  isHeaderHidden?: boolean
  isHiddenOnPhone?: boolean
  className?: string
}

function HeaderCell<Row>({ column }: { column: Column<Row> }) {
  const [parameters] = useSearchParams()
  const hrefWith = useHrefWith()
  const sort = parameters.get('sort')
  const direction = sort === column.key ? 'ascending' : sort === `-${column.key}` ? 'descending' : undefined
  const Icon = direction === 'ascending' ? ArrowUp : direction === 'descending' ? ArrowDown : ChevronsUpDown
  return (
    <th
      scope="col"
      {...ROLES.columnHeader}
      aria-sort={direction}
      className={classNames(
        'px-2 py-1.5 text-xs font-semibold whitespace-nowrap text-ink-3 first:ps-4 last:pe-4',
        column.align === 'end' ? 'text-end' : 'text-start',
      )}
    >
      {column.isSortable ? (
        <Link
          to={hrefWith({
            sort: direction === 'ascending' ? `-${column.key}` : column.key,
            cursor: null,
            page: null,
          })}
          preventScrollReset
          className="inline-flex min-h-6 items-center gap-1 rounded-s hover:text-ink"
        >
          {column.header}
          <Icon aria-hidden className={classNames('size-3.5', direction ? 'text-accent' : 'opacity-60')} />
        </Link>
      ) : (
        <span className={column.isHeaderHidden ? 'sr-only' : undefined}>{column.header}</span>
      )}
    </th>
  )
}

function BodyCell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const className = classNames(
    'px-2 py-2 align-baseline sm:first:ps-4 sm:last:pe-4',
    column.align === 'end' ? 'text-end tabular-nums' : 'text-start',
    column.isHiddenOnPhone && 'max-sm:hidden!',
    column.className,
  )
  if (column.isRowHeader) {
    return (
      <th
        scope="row"
        {...ROLES.rowHeader}
        className={classNames(className, 'font-medium text-ink max-sm:font-semibold')}
      >
        {column.cell(row)}
      </th>
    )
  }
  return (
    <td {...ROLES.cell} data-label={column.isHeaderHidden ? undefined : column.header} className={className}>
      {column.cell(row)}
    </td>
  )
}

/** Said although the elements imply them: stacking by CSS takes their meaning away in browsers. */
const ROLES = {
  table: { role: 'table' },
  group: { role: 'rowgroup' },
  row: { role: 'row' },
  columnHeader: { role: 'columnheader' },
  rowHeader: { role: 'rowheader' },
  cell: { role: 'cell' },
}
