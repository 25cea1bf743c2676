import { useWithAsOf } from '../../lib/as-of.ts'
import { formatBytes, formatNumber } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { useReloadWhile } from '../../lib/reload.ts'
import { Countdown } from '../time/countdown.tsx'
import { TimeControl } from '../time/look-back.tsx'
import { Time } from '../time/time.tsx'
import { Breadcrumbs } from '../ui/breadcrumbs.tsx'
import { buttonClassName } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { Code } from '../ui/code.tsx'
import { DescriptionList } from '../ui/description-list.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import type { ExportData } from './answers.ts'
import { ExportStatus } from './export-status.tsx'
import { HowToVerify } from './how-to-verify.tsx'
import { PartList } from './part-list.tsx'
import { ScopeWords } from './scope-words.tsx'

/** One export: how far it is, the archive, what it holds and how to verify it. */
export function ExportPage({ data }: { data: ExportData }) {
  const base = useBase()
  const { status, requestedAt, explanation, parts } = data
  const isUnfinished = status === 'requested' || status === 'building'
  useReloadWhile(isUnfinished)
  return (
    <>
      <PageHeader
        title="Export"
        mark={<ExportStatus status={status} isSoft />}
        breadcrumbs={
          <Breadcrumbs
            items={[
              { label: 'Audit trail', to: `${base}/audit` },
              { label: 'Exports', to: `${base}/audit/exports` },
              { label: <Time value={requestedAt} /> },
            ]}
          />
        }
        right={<TimeControl />}
      />
      {status === 'failed' ? (
        <Callout tone="fail" title="No archive came of it">
          {explanation} Nothing of it is kept; the ledger is as it was.
        </Callout>
      ) : null}
      {status === 'expired' ? (
        <Callout tone="info" title="This archive is gone">
          Archives are kept for seven days. Ask for it again: the ledger still holds everything that it was
          made from. Copies that were downloaded keep their worth, and their SHA-256 stands below.
        </Callout>
      ) : null}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card id="archive" title="The archive">
          {status === 'ready' ? <Download data={data} /> : null}
          <DescriptionList items={facts(data)} />
        </Card>
        {parts.length > 0 || isUnfinished ? (
          <Card id="parts" title={isUnfinished ? 'How far it is' : 'What it holds'}>
            <PartList parts={parts} isUnfinished={isUnfinished} />
          </Card>
        ) : null}
      </div>
      {status === 'failed' ? null : <HowToVerify sha256={data.sha256} verifierSha256={data.verifierSha256} />}
    </>
  )
}

function Download({ data }: { data: ExportData }) {
  const base = useBase()
  const keep = useWithAsOf()
  return (
    <p className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
      {/* A plain anchor: the archive is saved, not a page that is gone to. */}
      <a
        href={keep(`${base}/audit/exports/${data.exportId}/archive.zip`)}
        download
        className={buttonClassName({ variant: 'primary' })}
      >
        Download{data.bytes === null ? '' : ` (${formatBytes(data.bytes)})`}
      </a>
      {data.expiresAt ? (
        <span className="text-xs text-ink-2">
          <Countdown until={data.expiresAt} before="Goes" past="Gone" />
        </span>
      ) : null}
    </p>
  )
}

function facts(data: ExportData) {
  const { requestedAt, requestedBy, finishedAt, bytes, sha256, checkpointSize } = data
  return [
    { name: 'Covers', value: <ScopeWords {...data} /> },
    {
      name: 'Asked for',
      value: (
        <>
          <Time value={requestedAt} /> by {requestedBy}
        </>
      ),
    },
    ...(finishedAt ? [{ name: 'Finished', value: <Time value={finishedAt} /> }] : []),
    ...(checkpointSize === null
      ? []
      : [{ name: 'Held to', value: `the checkpoint over the first ${formatNumber(checkpointSize)} events` }]),
    ...(bytes === null ? [] : [{ name: 'Size', value: `${formatNumber(bytes)} bytes` }]),
    ...(sha256 === null
      ? []
      : [{ name: 'SHA-256', value: <Code value={sha256} copyLabel="Copy SHA-256" /> }]),
  ]
}
