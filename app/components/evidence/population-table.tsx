import { Form, useSearchParams } from '@remix-run/react'
import Download from 'lucide-react/icons/download'
import Search from 'lucide-react/icons/search'
import { useWithAsOf } from '../../lib/as-of.ts'
import { formatNumber } from '../../lib/format.ts'
import { furtherRows, useFurtherPages } from '../../lib/further-pages.ts'
import { useBase } from '../../lib/organization.ts'
import { Time } from '../time/time.tsx'
import { Button, buttonClassName } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Fingerprint } from '../ui/code.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { CONTROL_CLASS } from '../ui/field.tsx'
import { Pagination } from '../ui/pagination.tsx'
import { SignInName } from '../ui/sign-in-name.tsx'
import { Status, type StatusValue } from '../ui/status.tsx'
import type { EvidenceKindName, PopulationData } from './answers.ts'

type Row = PopulationData['rows'][number]
type Cell = Row['cells'][string]

/** Who and what was in a population: search, sort and pages stand in the address, so that all of it works as links. */
export function PopulationTable({
  kind,
  population,
}: {
  kind: EvidenceKindName
  population: PopulationData
}) {
  const { rows, columns, previous, found } = population
  const further = useFurtherPages(population, `${useBase()}/evidence/kind/${kind}/rows`)
  const next = further.pages.at(-1)?.next ?? null
  const hasLogins = rows.some(row => row.login !== null)
  return (
    <Card
      id="population"
      title="Population"
      action={<CsvLink kind={kind} />}
      isFlush
      footer={
        <Pagination
          label="Pages of the population"
          first={previous === null ? null : ''}
          previous={previous}
          next={next}
          summary={<Counts population={population} />}
        />
      }
    >
      <SearchForm />
      <DataTable
        caption="Rows of the population"
        rows={rows}
        rowKey={row => row.subjectKey}
        further={furtherRows(further, page => page.rows, found)}
        empty={
          <EmptyState title="Nobody and nothing here">
            {population.total > 0
              ? 'No name and no sign-in name begins like this.'
              : 'The population was empty at this instant, which is a fact like any other.'}
          </EmptyState>
        }
        columns={[
          nameColumn,
          ...(hasLogins ? [loginColumn] : []),
          ...columns.map(({ key, header }, index) => ({
            key,
            header,
            isHiddenOnPhone: index >= SHOWN_ON_PHONE,
            cell: (row: Row) => <CellText cell={row.cells[key]} />,
          })),
          itemColumn(kind),
        ]}
      />
    </Card>
  )
}

/** The first columns say what a row is about; the others are on wider screens and in the file. */
const SHOWN_ON_PHONE = 3

const nameColumn: Column<Row> = {
  key: 'name',
  header: 'Name',
  isRowHeader: true,
  isSortable: true,
  cell: ({ name, removed }) =>
    removed === null ? name : <span className="font-normal text-ink-3">{removed}</span>,
}

const loginColumn: Column<Row> = {
  key: 'login',
  header: 'Sign-in name',
  isSortable: true,
  cell: ({ login }) => <SignInName value={login} />,
}

const itemColumn = (kind: EvidenceKindName): Column<Row> => ({
  key: 'item',
  header: 'Item',
  isHiddenOnPhone: true,
  cell: ({ itemHash, subjectKey }) => (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <Fingerprint value={itemHash} label="Copy item fingerprint" head={6} tail={4} />
      <ProofLink kind={kind} subjectKey={subjectKey} />
    </span>
  ),
})

/** That this row is in the population: from the item to the signed checkpoint, as a file. */
function ProofLink({ kind, subjectKey }: { kind: EvidenceKindName; subjectKey: string }) {
  const base = useBase()
  const keep = useWithAsOf()
  const source = useSearchParams()[0].get('source')
  const query = source ? `?${new URLSearchParams({ source })}` : ''
  return (
    <a
      href={keep(`${base}/evidence/kind/${kind}/proof/${subjectKey}${query}`)}
      download
      className="link text-xs print:hidden"
    >
      Proof<span className="sr-only"> of this row, as a file</span>
    </a>
  )
}

function CellText({ cell }: { cell: Cell | undefined }) {
  if (!cell || cell.text === '') return <span className="text-ink-3">–</span>
  if (cell.at) return <Time value={cell.at} className="whitespace-nowrap tabular-nums" />
  return cell.tone ? <Status value={SHAPES[cell.tone]} word={cell.text} /> : cell.text
}

const SHAPES: Record<NonNullable<Cell['tone']>, StatusValue> = {
  pass: 'pass',
  fail: 'fail',
  stale: 'partly',
  unknown: 'not_testable',
  none: 'none',
}

function Counts({ population: { total, found } }: { population: PopulationData }) {
  return (
    <>
      {found === total ? formatNumber(total) : `${formatNumber(found)} of ${formatNumber(total)}`}{' '}
      {found === total ? 'in all' : 'found'}
    </>
  )
}

/** A GET form: the rest of the address stays, the page does not. */
function SearchForm() {
  const [parameters] = useSearchParams()
  const kept = [...parameters].filter(([name]) => name !== 'search' && name !== 'cursor')
  return (
    <Form method="get" role="search" className="flex flex-wrap gap-2 px-4 pb-3">
      {kept.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <label htmlFor="population-search" className="sr-only">
        Beginning of a name or sign-in name
      </label>
      <input
        id="population-search"
        key={parameters.get('search') ?? ''}
        type="search"
        name="search"
        maxLength={120}
        defaultValue={parameters.get('search') ?? ''}
        placeholder="Beginning of a name or sign-in name"
        className={`${CONTROL_CLASS} max-w-80 flex-1`}
      />
      <Button type="submit">
        <Search aria-hidden />
        Search
      </Button>
    </Form>
  )
}

/** The whole population in the chosen order, as a file. */
function CsvLink({ kind }: { kind: EvidenceKindName }) {
  const base = useBase()
  const keep = useWithAsOf()
  const [parameters] = useSearchParams()
  const query = new URLSearchParams(
    [...parameters].filter(([name]) => name === 'search' || name === 'sort' || name === 'source'),
  ).toString()
  return (
    <a
      href={keep(`${base}/evidence/kind/${kind}/csv${query ? `?${query}` : ''}`)}
      download
      className={buttonClassName({ size: 's' })}
    >
      <Download aria-hidden />
      CSV
    </a>
  )
}
