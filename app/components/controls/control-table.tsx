import type { Caller } from '../../../server/trpc/router.ts'
import { formatNumber, formatPercent } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { TimeControl } from '../time/look-back.tsx'
import { Card } from '../ui/card.tsx'
import { CsvLink } from '../ui/csv-link.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Status } from '../ui/status.tsx'
import { FreshnessWord } from './freshness-word.tsx'

export type ControlListData = Awaited<ReturnType<Caller['controls']['list']>>
type Criterion = ControlListData['criteria'][number]
type Control = Criterion['controls'][number]

/** Every control with its verdict, by criterion, and those that wait for another source. */
export function ControlTable({ list }: { list: ControlListData }) {
  const judged = list.criteria.filter(criterion => criterion.controls.length > 0)
  const waiting = list.criteria.flatMap(criterion => criterion.waiting)
  return (
    <>
      <PageHeader
        title="Controls"
        description={`Coverage is ${formatPercent(list.percent)}: a pass on fresh evidence counts whole, on stale evidence half, anything else nothing.`}
        right={
          <>
            <CsvLink path="/controls.csv" />
            <TimeControl />
          </>
        }
      />
      {judged.map(criterion => (
        <CriterionCard
          key={criterion.criterion}
          criterion={criterion}
          shared={judged
            .flatMap(each => each.controls)
            .filter(
              ({ criteria }) => criteria[0] !== criterion.criterion && criteria.includes(criterion.criterion),
            )}
        />
      ))}
      <Card id="waiting" title="Waiting for another source">
        <p className="pb-3 text-s text-ink-2">
          These controls are part of the catalogue and count for nothing yet: what they look at is not in the
          directory.
        </p>
        <ul className="divide-y divide-line border-t border-line">
          {waiting.map(control => (
            <li
              key={control.id}
              className="grid gap-x-4 gap-y-0.5 py-2.5 text-s last:pb-0 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)]"
            >
              <p className="font-medium">
                <span className="text-ink-2 tabular-nums">{control.id}</span> {control.title}{' '}
                <span className="font-normal text-ink-3">{control.criteria.join(', ')}</span>
              </p>
              <p className="text-ink-2">Needs: {control.needs}</p>
            </li>
          ))}
        </ul>
      </Card>
    </>
  )
}

/** @param shared controls that stand under another criterion and count here as well */
function CriterionCard({ criterion, shared }: { criterion: Criterion; shared: readonly Control[] }) {
  const base = useBase()
  const { criterion: id, name, percent, controls } = criterion
  return (
    <Card
      id={id.replace('.', '-')}
      title={
        <>
          <b className="text-ink tabular-nums">{id}</b> {name}
        </>
      }
      action={percent === null ? undefined : <span className="tabular-nums">{formatPercent(percent)}</span>}
      isFlush
      footer={shared.length === 0 ? undefined : <SharedControls shared={shared} base={base} />}
    >
      <DataTable
        caption={`Controls of ${id}`}
        rows={controls}
        rowKey={control => control.id}
        columns={[
          {
            key: 'title',
            header: 'Control',
            isRowHeader: true,
            className: 'sm:w-[48%]',
            cell: control => <ControlName control={control} base={base} />,
          },
          {
            key: 'verdict',
            header: 'Verdict',
            className: 'sm:w-[16%]',
            cell: control => <VerdictMark control={control} />,
          },
          {
            key: 'age',
            header: 'Evidence',
            className: 'sm:w-[12%]',
            cell: control => <FreshnessWord value={control.freshness} />,
          },
          {
            key: 'population',
            isHiddenOnPhone: true,
            header: 'In scope',
            align: 'end',
            className: 'sm:w-[8%]',
            cell: control => formatNumber(control.population.inScope),
          },
          {
            key: 'fail',
            header: 'Failing',
            align: 'end',
            className: 'sm:w-[8%]',
            cell: control => formatNumber(control.population.fail),
          },
          {
            key: 'unknown',
            isHiddenOnPhone: true,
            header: 'Unknown',
            align: 'end',
            className: 'sm:w-[8%]',
            cell: control => formatNumber(control.population.noData),
          },
        ]}
      />
    </Card>
  )
}

function SharedControls({ shared, base }: { shared: readonly Control[]; base: string }) {
  return (
    <ul className="grid gap-1 text-xs">
      {shared.map(control => (
        <li key={control.id}>
          Counts here as well:{' '}
          <AsOfLink to={`${base}/controls/${control.id}`} className="link">
            {control.id} {control.title}
          </AsOfLink>{' '}
          ({control.words.toLowerCase()})
        </li>
      ))}
    </ul>
  )
}

function ControlName({ control, base }: { control: Control; base: string }) {
  return (
    <span className="grid gap-0.5">
      <AsOfLink to={`${base}/controls/${control.id}`} className="hover:underline">
        <span className="text-ink-2 tabular-nums">{control.id}</span> {control.title}
      </AsOfLink>
      <span className="text-xs font-normal text-ink-2">{control.because}</span>
    </span>
  )
}

function VerdictMark({ control: { verdict, words } }: { control: Control }) {
  return <Status value={verdict} word={words} isSoft={verdict !== 'pass'} />
}
