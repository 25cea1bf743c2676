import { useSearchParams } from '@remix-run/react'
import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import ChevronsUpDown from 'lucide-react/icons/chevrons-up-down'
import type { ReactNode } from 'react'
import { useHrefWith } from '../../lib/as-of.ts'
import { classNames } from '../../lib/class-names.ts'
import { usePlace } from '../../lib/places.ts'
import { ListEnd, RowGroup } from './long-list.tsx'
import { PageLink } from './page-link.tsx'

/**
 * A table of records. It sorts by address (`?sort=name`, `?sort=-name`), scrolls sideways in a region of its own, and
 * turns into labelled lists on a phone. A long one scrolls in that region, and loads what follows.
 */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
  empty,
  isCaptionShown,
  rowClassName,
  further,
}: DataTableProps<Row>) {
  const { region, place } = usePlace<HTMLElement>(caption, further !== undefined)
  const isSteady = columns.some(({ width }) => width !== undefined)
  const groups = [rows, ...(further?.groups ?? [])]
  const startOf = (index: number) => groups.slice(0, index).reduce((sum, group) => sum + group.length, 0)
  const drawn = (group: readonly Row[], start: number) =>
    group.map((row, index) => (
      <tr
        key={rowKey(row)}
        {...ROLES.row}
        aria-rowindex={further?.isFromFirst ? start + index + 2 : undefined}
        className={classNames('border-t border-line hover:bg-sunken/60 max-sm:px-4', rowClassName?.(row))}
      >
        {columns.map(column => (
          <BodyCell key={column.key} column={column} row={row} />
        ))}
      </tr>
    ))
  return (
    <section
      ref={region}
      aria-label={caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      data-scrolls={further ? '' : undefined}
      className={classNames(
        'relative overflow-x-auto',
        further && 'max-h-[75vh] overflow-y-auto overscroll-contain print:max-h-none',
      )}
    >
      <table
        {...ROLES.table}
        aria-rowcount={further ? (further.total === null ? -1 : further.total + 1) : undefined}
        className={classNames('stacks-on-phone w-full border-collapse text-s', isSteady && 'sm:table-fixed')}
      >
        <caption className={isCaptionShown ? 'px-4 pb-2 text-start text-s text-ink-2' : 'sr-only'}>
          {caption}
        </caption>
        {isSteady ? (
          <colgroup className="max-sm:hidden">
            {columns.map(({ key, width }) => (
              <col key={key} className={width} />
            ))}
          </colgroup>
        ) : null}
        <thead {...ROLES.group} className={further ? 'sticky top-0 z-10 bg-surface' : undefined}>
          <tr {...ROLES.row} aria-rowindex={further ? 1 : undefined}>
            {columns.map(column => (
              <HeaderCell key={column.key} column={column} />
            ))}
          </tr>
        </thead>
        {further ? (
          groups.map((group, index) => (
            <RowGroup key={index} rooms={place.rooms} index={index}>
              {drawn(group, startOf(index))}
            </RowGroup>
          ))
        ) : (
          <tbody {...ROLES.group}>{drawn(rows, 0)}</tbody>
        )}
      </table>
      {further ? (
        <ListEnd
          of={rows.length}
          shown={startOf(groups.length)}
          total={further.total}
          isLoading={further.isLoading}
          onReached={further.onReached}
        />
      ) : null}
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
  /** Of a long table: what follows its rows as one scrolls in it. */
  further?: FurtherRows<Row> | undefined
}

export type FurtherRows<Row> = {
  /** What was loaded so far, page by page. */
  groups: readonly (readonly Row[])[]
  /** Rows of the whole table; null where nobody counted them. */
  total: number | null
  /** Whether the table begins with its first row, so that every row's place is known. */
  isFromFirst: boolean
  isLoading: boolean
  onReached(): void
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
  /** A class of width. Where a column has one, columns stay as wide as they are whatever comes into their cells. */
  width?: string
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
        <PageLink
          to={hrefWith({
            sort: direction === 'ascending' ? `-${column.key}` : column.key,
            cursor: null,
            page: null,
          })}
          keepsScroll
          className="inline-flex min-h-6 items-center gap-1 rounded-s hover:text-ink"
        >
          {column.header}
          <Icon aria-hidden className={classNames('size-3.5', direction ? 'text-accent' : 'opacity-60')} />
        </PageLink>
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
