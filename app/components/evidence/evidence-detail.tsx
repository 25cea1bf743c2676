import { formatDuration, formatNumber } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { TimeControl } from '../time/look-back.tsx'
import { Time } from '../time/time.tsx'
import { Badge } from '../ui/badge.tsx'
import { Breadcrumbs } from '../ui/breadcrumbs.tsx'
import { buttonClassName } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Code, CodeBlock } from '../ui/code.tsx'
import { DescriptionList } from '../ui/description-list.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import type { EvidenceData } from './answers.ts'
import { ChangedItems } from './changed-items.tsx'
import { KindSummary } from './kind-summary.tsx'

/** One immutable row of evidence: what it says, what it changed, and everything its worth rests on. */
export function EvidenceDetail({ evidence }: { evidence: EvidenceData }) {
  const base = useBase()
  const { title, kind, attachedAt } = evidence
  const asOf = `${attachedAt.toISOString()}@${evidence.position}`
  return (
    <>
      <PageHeader
        title={`${title}, position ${formatNumber(evidence.position)}`}
        mark={<Badge>{evidence.mode === 'feed' ? 'Window of a feed' : 'Whole snapshot'}</Badge>}
        description={evidence.words}
        breadcrumbs={
          <Breadcrumbs
            items={[
              { label: 'Evidence', to: `${base}/evidence` },
              { label: title, to: `${base}/evidence/kind/${kind}?source=${evidence.sourceId}` },
              { label: `Position ${formatNumber(evidence.position)}` },
            ]}
          />
        }
        right={<TimeControl />}
      />
      <nav aria-label="Evidence before and after" className="flex flex-wrap gap-2">
        <Step label="‹ Before" id={evidence.previousId} />
        <Step label="After ›" id={evidence.nextId} />
        <AsOfLink
          to={`${base}/evidence/kind/${kind}?source=${evidence.sourceId}&asOf=${encodeURIComponent(asOf)}`}
          className={buttonClassName()}
        >
          See the population as of this row
        </AsOfLink>
      </nav>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="grid gap-4">
          <Card id="says" title="What it says">
            <KindSummary kind={kind} summary={evidence.summary} />
          </Card>
          <Card id="changed" title="What it changed">
            <ChangedItems evidence={evidence} />
          </Card>
        </div>
        <div className="grid gap-4">
          <Card id="standing" title="Where it stands">
            <DescriptionList items={standing(evidence, base)} />
          </Card>
          <Provenance evidence={evidence} />
        </div>
      </div>
    </>
  )
}

function Step({ label, id }: { label: string; id: string | null }) {
  const base = useBase()
  if (id === null) return null
  return (
    <AsOfLink to={`${base}/evidence/${id}`} className={buttonClassName()}>
      {label}
    </AsOfLink>
  )
}

function standing(evidence: EvidenceData, base: string) {
  const { attachedAt, position, reaffirmed, window, controls } = evidence
  return [
    { name: 'Evidence id', value: <Code value={evidence.id} copyLabel="Copy evidence id" /> },
    { name: 'Fingerprint', value: <Code value={evidence.fingerprint} copyLabel="Copy fingerprint" /> },
    {
      name: 'Recorded',
      value: (
        <>
          <Time value={attachedAt} /> at{' '}
          <AsOfLink to={`${base}/audit/${position}`} className="link">
            position {formatNumber(position)}
          </AsOfLink>
        </>
      ),
    },
    ...(window
      ? [
          {
            name: 'Window',
            value: (
              <>
                <Time value={window.from} /> to <Time value={window.to} />
              </>
            ),
          },
        ]
      : []),
    { name: 'Items', value: formatNumber(evidence.itemCount) },
    {
      name: 'Found the same again',
      value: reaffirmed ? (
        <>
          {reaffirmed.times === 1 ? 'once' : `${formatNumber(reaffirmed.times)} times`}, last{' '}
          <Time value={reaffirmed.lastAt} />
        </>
      ) : (
        'not yet'
      ),
    },
    { name: 'Cause', value: CAUSES[evidence.cause] },
    {
      name: 'Serves',
      value: (
        <ul className="grid gap-0.5">
          {controls.map(control => (
            <li key={control.id}>
              <AsOfLink to={`${base}/controls/${control.id}`} className="link">
                {control.id}
              </AsOfLink>{' '}
              {control.title}
            </li>
          ))}
        </ul>
      ),
    },
  ]
}

const CAUSES = {
  source: 'The source said something else than before',
  collector: 'The source said the same; this version of the collector reads it differently',
}

function Provenance({ evidence }: { evidence: EvidenceData }) {
  const { provenance, provenanceSha256, collectedFrom, collectedTo } = evidence
  return (
    <Card id="provenance" title="Where it comes from">
      <div className="grid gap-4">
        <CodeBlock value={provenance.request} label="request" />
        <DescriptionList
          items={[
            {
              name: 'Answered',
              value: (
                <>
                  <Time value={collectedFrom} />, within {lengthOf(collectedFrom, collectedTo)}
                </>
              ),
            },
            {
              name: 'Pages and rows',
              value: `${formatNumber(provenance.pages)} ${provenance.pages === 1 ? 'page' : 'pages'}, ${formatNumber(provenance.rows)} ${provenance.rows === 1 ? 'row' : 'rows'}`,
            },
            {
              name: 'The source’s own count',
              value:
                provenance.declaredCount === null ? 'It gives none' : formatNumber(provenance.declaredCount),
            },
            ...(provenance.reportedAt
              ? [{ name: 'Report made', value: <Time value={new Date(provenance.reportedAt)} /> }]
              : []),
            { name: 'Retries', value: formatNumber(provenance.retries) },
            {
              name: 'Collector',
              value: `Version ${provenance.collectorVersion}, normalises by version ${provenance.normaliserVersion}`,
            },
            { name: 'SHA-256 of this', value: <Code value={provenanceSha256} copyLabel="Copy hash" /> },
          ]}
        />
        <Disclosure summary={`Request ids (${formatNumber(provenance.requestIds.length)})`}>
          <ul className="grid max-h-60 gap-1 overflow-y-auto">
            {provenance.requestIds.map(id => (
              <li key={id}>
                <Code value={id} copyLabel="Copy request id" />
              </li>
            ))}
          </ul>
        </Disclosure>
      </div>
    </Card>
  )
}

function lengthOf(from: Date, to: Date): string {
  const length = to.getTime() - from.getTime()
  return length < 1_000 ? 'a second' : formatDuration(length)
}
