import { Form, useLocation } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatCount, formatNumber, formatPercent } from '../../lib/format.ts'
import { useHydrated } from '../../lib/hydrated.ts'
import { useBase, useIsAllowed } from '../../lib/organization.ts'
import { useReloadWhile } from '../../lib/reload.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { Code } from '../ui/code.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { FormError } from '../ui/form-error.tsx'
import { Status } from '../ui/status.tsx'
import type { VerificationData } from './answers.ts'

/** Checks the whole ledger against itself and its checkpoints, and says how the last times came out. */
export function VerifyCard({
  verifications,
  refusal,
}: {
  verifications: VerificationData[]
  refusal: FormRefusal | undefined
}) {
  const mayVerify = useIsAllowed('ledger:verify')
  const own = refusal?.intent === 'verify' ? refusal : undefined
  const [newest, ...former] = verifications
  const isGoingOn = newest?.status === 'waiting' || newest?.status === 'running'
  useReloadWhile(isGoingOn)
  const ended = verifications.find(each => each.result !== null)
  return (
    <Card id="verify" title="Verify the whole log">
      <div className="grid gap-4 text-s">
        <p className="max-w-prose text-ink-2">
          Computes every leaf, tile and root again from what is stored, checks the signature of every
          checkpoint, adds up every evidence row’s changes to its fingerprint, and looks for anything that
          stands beside the log.
        </p>
        <FormError message={own?.message} />
        {newest && isGoingOn ? <Progress verification={newest} /> : null}
        {newest?.explanation ? (
          <Callout tone="warn" title="The last verification broke off">
            <p>{newest.explanation}</p>
          </Callout>
        ) : null}
        {mayVerify && !isGoingOn ? (
          <Form method="post" action="#verify" preventScrollReset>
            <SubmitButton intent="verify" variant="secondary">
              Verify now
            </SubmitButton>
          </Form>
        ) : null}
        {ended?.result ? <Result verification={ended} result={ended.result} /> : null}
        {former.length > 0 ? (
          <Disclosure summary="The last times">
            <ul className="divide-y divide-line">
              {verifications.map(each => (
                <PastRow key={each.id} verification={each} />
              ))}
            </ul>
          </Disclosure>
        ) : null}
      </div>
    </Card>
  )
}

function Progress({ verification }: { verification: VerificationData }) {
  const isHydrated = useHydrated()
  const { pathname, search } = useLocation()
  const { part, done, of } = verification.progress
  return (
    <div className="rounded-s border border-accent/30 bg-accent-soft/60 px-3 py-2.5">
      <p role="status" className="flex flex-wrap items-baseline justify-between gap-x-4">
        {verification.status === 'waiting' || part === 'waiting' ? (
          <Status value="queued" word="Waiting for a worker" />
        ) : (
          <Status value="running" word={PARTS[part]} />
        )}
        {part === 'waiting' ? null : (
          <span className="text-ink-2 tabular-nums">
            {of === null || of === 0 ? formatNumber(done) : formatPercent((100 * done) / of, 0)}
          </span>
        )}
      </p>
      {isHydrated ? null : (
        <p className="only-without-scripts mt-2 text-xs">
          <a href={`${pathname}${search}#verify`} className="link">
            Load again to see how far it is
          </a>
        </p>
      )}
    </div>
  )
}

const PARTS = {
  events: 'Checking events, tiles, checkpoints and evidence',
  streams: 'Checking streams',
  items: 'Checking items',
  rest: 'Looking for what stands beside the log',
}

function Result({
  verification: { requestedBy, finishedAt },
  result,
}: {
  verification: VerificationData
  result: NonNullable<VerificationData['result']>
}) {
  const base = useBase()
  const { outcome, size, root, checks, counted, position } = result
  const failed = checks.filter(check => !check.holds)
  return (
    <div className="grid gap-4">
      {outcome === 'holds' ? (
        <Callout tone="success" title={`All ${formatCount(size, 'event')} hold`}>
          <p>
            Checked with {formatCount(counted.checkpoints, 'checkpoint')},{' '}
            {formatCount(counted.tiles, 'tile')}, {formatCount(counted.evidence, 'evidence row')} and{' '}
            {formatCount(counted.items, 'item')}. <When requestedBy={requestedBy} finishedAt={finishedAt} />
          </p>
        </Callout>
      ) : (
        <Callout tone="fail" title={`${formatCount(failed.length, 'check does', 'checks do')} not hold`}>
          <p>
            What is stored is not what was recorded. Keep the database as it is and a copy of it, and compare
            with checkpoints that were kept elsewhere.{' '}
            <When requestedBy={requestedBy} finishedAt={finishedAt} />
          </p>
        </Callout>
      )}
      <ul className="grid gap-x-6 gap-y-2.5 sm:grid-cols-2">
        {[...failed, ...checks.filter(check => check.holds)].map(check => (
          <li key={check.sort} className="flex items-baseline gap-2">
            <Status value={check.holds ? 'verified' : 'failed'} hideWord />
            <span className="min-w-0">
              <span className="font-semibold text-ink">{check.title}</span>{' '}
              <span className="break-words text-ink-2">{check.words}</span>
              {check.position === null ? null : (
                <>
                  {' '}
                  <AsOfLink to={`${base}/audit/${check.position}`} className="link">
                    See position {formatNumber(check.position)}
                  </AsOfLink>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1 text-ink-2">
        Root over these events: <Code value={root} copyLabel="Copy root" />
        <AsOfLink to={`${base}/audit/${position}`} className="link">
          the event that records this
        </AsOfLink>
      </p>
    </div>
  )
}

function When({ requestedBy, finishedAt }: Pick<VerificationData, 'requestedBy' | 'finishedAt'>) {
  return (
    <span className="text-ink-2">
      Asked for by {requestedBy}
      {finishedAt ? (
        <>
          , done <Time value={finishedAt} mode="relative" />
        </>
      ) : null}
      .
    </span>
  )
}

function PastRow({
  verification: { requestedAt, requestedBy, result, status },
}: {
  verification: VerificationData
}) {
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-2">
      <Time value={requestedAt} className="text-ink-2 tabular-nums" />
      {result ? (
        <Status
          value={result.outcome === 'holds' ? 'verified' : 'failed'}
          word={result.outcome === 'holds' ? 'Everything held' : 'Something did not hold'}
        />
      ) : (
        <Status
          value={status === 'broken' ? 'skipped' : 'running'}
          word={status === 'broken' ? 'Broke off' : 'Running'}
        />
      )}
      <span className="text-ink-3">{requestedBy}</span>
      {result ? <span className="text-ink-3 tabular-nums">{formatCount(result.size, 'event')}</span> : null}
    </li>
  )
}
