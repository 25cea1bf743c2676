import { useWithAsOf } from '../../lib/as-of.ts'
import { formatNumber } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { Breadcrumbs } from '../ui/breadcrumbs.tsx'
import { buttonClassName } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { Code, Fingerprint } from '../ui/code.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { DescriptionList } from '../ui/description-list.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Status } from '../ui/status.tsx'
import type { SampleData, SampledRow } from './answers.ts'

/** A sample, drawn once more for this page: what it follows from, and each row with its proof. */
export function SamplePage({ data }: { data: SampleData }) {
  const base = useBase()
  const keep = useWithAsOf()
  const { assessment, sample, attachment, rows } = data
  const title = `Sample for ${sample.controlId}`
  return (
    <>
      <PageHeader
        title={title}
        breadcrumbs={
          <Breadcrumbs
            items={[
              { label: 'Assessments', to: `${base}/assessments` },
              { label: assessment.name, to: `${base}/assessments/${assessment.assessmentId}` },
              { label: title },
            ]}
          />
        }
        right={
          // A plain anchor: the file is saved, not a page that is gone to.
          <a
            href={keep(`${base}/assessments/${assessment.assessmentId}/samples/${sample.sampleId}/csv`)}
            download
            className={buttonClassName()}
          >
            CSV
          </a>
        }
      />
      {rows ? null : (
        <Callout tone="warn" title="It cannot be drawn again here">
          Contents of the population were removed since it was drawn, so that nobody can tell any more who was
          in it. The seed, the count and the root that were recorded stand as they were.
        </Callout>
      )}
      <Card id="from" title="What it follows from">
        <DescriptionList items={facts(base, data)} />
        <p className="mt-3 max-w-prose text-xs text-ink-2">
          Each subject of the population is ranked by the SHA-256 of the seed, a zero byte and its subject
          key; the smallest ranks are the sample. Anybody who has the population can draw it again.
        </p>
      </Card>
      {rows ? (
        <Card id="rows" title="Drawn rows" isFlush>
          <DataTable
            caption="Drawn rows, by rank"
            rows={rows}
            rowKey={row => row.subjectKey}
            columns={[
              { key: 'name', header: 'Name', isRowHeader: true, cell: row => <Who row={row} /> },
              ...data.columns.map(column => ({
                key: column.key,
                header: column.header,
                cell: (row: SampledRow) => <Cell cell={row.cells[column.key]} />,
              })),
              {
                key: 'proof',
                header: 'Proof',
                cell: row => <RowProof row={row} fingerprint={attachment.fingerprint} />,
              },
            ]}
          />
        </Card>
      ) : null}
    </>
  )
}

function Cell({ cell }: { cell: SampledRow['cells'][string] | undefined }) {
  return cell?.at ? <Time value={cell.at} /> : cell?.text || '–'
}

function Who({ row }: { row: SampledRow }) {
  return (
    <div>
      <span className="block">{row.removed ?? row.name}</span>
      {row.login ? <span className="block text-xs font-normal text-ink-2">{row.login}</span> : null}
    </div>
  )
}

/** That the row is in the evidence: the way from its leaf to the fingerprint. */
function RowProof({ row, fingerprint }: { row: SampledRow; fingerprint: string }) {
  const { leaf, index, size, hashes, holds } = row.proof
  return (
    <div className="grid gap-1">
      {holds ? (
        <Status value="verified" word="In the evidence" />
      ) : (
        <Status value="failed" word="Does not hold" />
      )}
      <Disclosure summary={`Leaf ${formatNumber(index)} of ${formatNumber(size)}`}>
        <div className="grid max-w-sm gap-2 text-xs">
          <Code value={leaf} copyLabel="Copy leaf" />
          <ol className="grid gap-1">
            {hashes.map((hash, place) => (
              <li key={place}>
                <Fingerprint value={hash} label="Copy hash" />
              </li>
            ))}
          </ol>
          <span className="text-ink-2">
            up to <Fingerprint value={fingerprint} />
          </span>
          <span className="text-ink-2">
            rank <Fingerprint value={row.rank} label="Copy rank" />
          </span>
        </div>
      </Disclosure>
    </div>
  )
}

function facts(base: string, { sample, attachment }: SampleData) {
  return [
    {
      name: 'Evidence',
      value: (
        <AsOfLink
          to={`${base}/evidence/${attachment.evidenceId}?asOf=${attachment.asOfText}`}
          className="link"
        >
          as of <Time value={attachment.instant} />, position {formatNumber(attachment.position)}
        </AsOfLink>
      ),
    },
    { name: 'Fingerprint', value: <Fingerprint value={attachment.fingerprint} /> },
    {
      name: 'Population',
      value: `${formatNumber(sample.populationCount)} in the control’s population, of ${formatNumber(attachment.itemCount)} in the evidence`,
    },
    {
      name: 'Root over their keys',
      value: <Fingerprint value={sample.populationRoot} label="Copy root" />,
    },
    { name: 'Seed', value: <Code value={sample.seed} copyLabel="Copy seed" /> },
    { name: 'Size', value: formatNumber(sample.size) },
    { name: 'Way of drawing', value: `version ${sample.algorithm}` },
    {
      name: 'Drawn',
      value: (
        <>
          <Time value={sample.drawnAt} /> by {sample.drawnBy}
        </>
      ),
    },
  ]
}
