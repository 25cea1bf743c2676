import type { ReactNode } from 'react'
import { formatNumber } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { TimeControl } from '../time/look-back.tsx'
import { Time } from '../time/time.tsx'
import { Breadcrumbs } from '../ui/breadcrumbs.tsx'
import { buttonClassName } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { Code, CodeBlock } from '../ui/code.tsx'
import { DescriptionList } from '../ui/description-list.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { Status } from '../ui/status.tsx'
import type { EventDetailData, InclusionData } from './answers.ts'
import { ProofCard } from './proof-card.tsx'
import { STREAM_NAMES } from './stream-names.ts'

/** One event: what it says, and the bytes and hashes by which it is part of the log. */
export function EventDetail({ detail, inclusion }: { detail: EventDetailData; inclusion: InclusionData }) {
  const base = useBase()
  const { event, isIntact, newestPosition, oldestPosition } = detail
  const { position } = event
  return (
    <>
      <PageHeader
        title={event.typeWords}
        mark={
          <Status
            value={isIntact ? 'verified' : 'failed'}
            word={isIntact ? 'Hash holds' : 'Hash does not hold'}
            isSoft
          />
        }
        description={event.words}
        breadcrumbs={
          <Breadcrumbs
            items={[
              { label: 'Audit trail', to: `${base}/audit` },
              { label: `Position ${formatNumber(position)}` },
            ]}
          />
        }
        right={<TimeControl />}
      />
      <nav aria-label="Events before and after" className="flex flex-wrap gap-2">
        {position > oldestPosition ? <Step to={position - 1}>‹ Before</Step> : null}
        {position < newestPosition ? <Step to={position + 1}>After ›</Step> : null}
        <PageLink
          to={`${base}?asOf=${encodeURIComponent(event.asOfText)}`}
          className={buttonClassName({ variant: 'past' })}
        >
          See the product as of this event
        </PageLink>
        <AsOfLink
          to={`${base}/audit/compare?against=${encodeURIComponent(event.asOfText)}`}
          className={buttonClassName()}
        >
          Compare with it
        </AsOfLink>
      </nav>
      {isIntact ? null : (
        <Callout tone="fail" title="What is stored is not what was recorded">
          The hash of this event’s envelope differs from the one that was recorded with it. Verify the whole
          log and keep a copy of it before anything else.
        </Callout>
      )}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card id="place" title="Its place in the log">
          <DescriptionList items={place(detail, base)} />
        </Card>
        <div className="grid gap-4">
          <Card id="leaf" title="Its leaf">
            <div className="grid gap-4 text-s">
              <p className="text-ink-2">
                The leaf is SHA-256 of a zero byte and this envelope (RFC 6962). It was computed again just
                now from what is stored.
              </p>
              <CodeBlock value={detail.envelope} label="envelope" />
              <DescriptionList
                items={[
                  {
                    name: 'Leaf hash, recorded',
                    value: <Code value={event.leafHash} copyLabel="Copy leaf hash" />,
                  },
                  {
                    name: 'Leaf hash, now',
                    value: <Code value={detail.computedLeafHash} copyLabel="Copy computed leaf hash" />,
                  },
                  {
                    name: 'Payload’s SHA-256',
                    value: <Code value={detail.payloadSha256} copyLabel="Copy payload hash" />,
                  },
                ]}
              />
            </div>
          </Card>
          <ProofCard inclusion={inclusion} recordedAt={event.recordedAt} />
        </div>
      </div>
      <Card id="payload" title="What was recorded">
        <CodeBlock value={event.payload} label="payload" />
      </Card>
      <Card id="canonical" title="The same as canonical JSON (RFC 8785): exactly the bytes that were hashed">
        <CodeBlock value={detail.canonicalPayload} label="canonical payload" />
      </Card>
    </>
  )
}

function Step({ to, children }: { to: number; children: ReactNode }) {
  const base = useBase()
  return (
    <AsOfLink to={`${base}/audit/${to}`} className={buttonClassName()}>
      {children}
    </AsOfLink>
  )
}

function place(detail: EventDetailData, base: string) {
  const { event, previousInStream, nextInStream } = detail
  const { actor, streamType, streamVersion, streamId, evidenceId } = event
  return [
    { name: 'Recorded', value: <Time value={event.recordedAt} /> },
    { name: 'Exactly', value: <Code value={event.recordedAt.toISOString()} copyLabel="Copy instant" /> },
    { name: 'Position', value: formatNumber(event.position) },
    { name: 'By', value: actor.isPerson ? actor.name : `${actor.name} (${actor.id})` },
    ...(event.aboutName ? [{ name: 'About', value: event.aboutName }] : []),
    {
      name: 'Stream',
      value: (
        <AsOfLink to={`${base}/audit?streamId=${streamId}`} className="link">
          {STREAM_NAMES[streamType]}, version {formatNumber(streamVersion)}
        </AsOfLink>
      ),
    },
    {
      name: 'In the same stream',
      value: (
        <span className="flex flex-wrap gap-x-3">
          {previousInStream === null ? <span>the first</span> : <At position={previousInStream}>before</At>}
          {nextInStream === null ? <span>the newest</span> : <At position={nextInStream}>after</At>}
        </span>
      ),
    },
    ...(evidenceId
      ? [
          {
            name: 'Evidence',
            value: (
              <AsOfLink to={`${base}/evidence/${evidenceId}`} className="link">
                See the row
              </AsOfLink>
            ),
          },
        ]
      : []),
    { name: 'Event id', value: <Code value={detail.eventId} copyLabel="Copy event id" /> },
    { name: 'Stream id', value: <Code value={streamId} copyLabel="Copy stream id" /> },
    { name: 'Type and schema', value: `${event.type}, version ${detail.schemaVersion}` },
  ]
}

function At({ position, children }: { position: number; children: ReactNode }) {
  const base = useBase()
  return (
    <AsOfLink to={`${base}/audit/${position}`} className="link">
      {children}: {formatNumber(position)}
    </AsOfLink>
  )
}
