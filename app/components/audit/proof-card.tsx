import Download from 'lucide-react/icons/download'
import { useAsOf, useWithAsOf } from '../../lib/as-of.ts'
import { formatCount } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { useReloadWhenDue } from '../../lib/reload.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { Badge } from '../ui/badge.tsx'
import { buttonClassName } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { Code, CodeBlock } from '../ui/code.tsx'
import { DescriptionList } from '../ui/description-list.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { Status } from '../ui/status.tsx'
import type { InclusionData } from './answers.ts'

/** That the event is in the log: the way from its leaf to the root that was signed. */
export function ProofCard({ inclusion, recordedAt }: { inclusion: InclusionData; recordedAt: Date }) {
  const { proof } = inclusion
  return (
    <Card id="proof" title="Its proof">
      {proof ? <Proof position={inclusion.position} proof={proof} /> : <NotCovered recordedAt={recordedAt} />}
    </Card>
  )
}

/** A checkpoint is signed about a minute after something was recorded. */
const SEALED_AFTER = 60_000

function NotCovered({ recordedAt }: { recordedAt: Date }) {
  const isPast = useAsOf() !== null
  useReloadWhenDue(isPast ? null : new Date(recordedAt.getTime() + SEALED_AFTER))
  return (
    <div className="grid gap-2 text-s">
      <Status value="pending" word="Not covered yet" />
      <p className="text-ink-2">
        A signed checkpoint covers every event within about a minute. Its proof stands here then.
      </p>
    </div>
  )
}

function Proof({ position, proof }: { position: number; proof: NonNullable<InclusionData['proof']> }) {
  const base = useBase()
  const keep = useWithAsOf()
  const { size, root, signedAt, hashes, isSimulated, holds, verifierKey, text } = proof
  return (
    <div className="grid gap-4 text-s">
      {holds ? null : (
        <Callout tone="fail" title="The proof does not hold">
          <p>
            This event, or the log around it, is not what the checkpoint was signed for. Verify the whole log
            and keep a copy of it before anything else.
          </p>
        </Callout>
      )}
      <DescriptionList
        items={[
          {
            name: 'Covered by',
            value: (
              <span className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
                <AsOfLink to={`${base}/audit/checkpoints`} className="link">
                  the checkpoint of {formatCount(size, 'event')}
                </AsOfLink>
                {isSimulated ? <Badge tone="past">simulated clock</Badge> : null}
                {holds ? <Status value="verified" word="Holds" /> : <Status value="failed" />}
              </span>
            ),
          },
          { name: 'Signed', value: <Time value={signedAt} /> },
          { name: 'Root', value: <Code value={root} copyLabel="Copy root" /> },
          ...(verifierKey
            ? [{ name: 'Key', value: <Code value={verifierKey} copyLabel="Copy verifier key" /> }]
            : []),
        ]}
      />
      {text === null ? null : (
        <>
          <Disclosure
            summary={`The way from the leaf to the root: ${formatCount(hashes.length, 'hash', 'hashes')}`}
          >
            <div className="grid gap-3">
              <p className="text-ink-2">
                Each hash is that of the neighbouring part of the tree, the nearest first (RFC 6962). With the
                leaf they give the root, and with any other leaf they do not.
              </p>
              {hashes.length > 0 ? <CodeBlock value={hashes.join('\n')} label="proof" /> : null}
              <CodeBlock value={proof.note} label="checkpoint" />
            </div>
          </Disclosure>
          <a
            href={keep(`${base}/audit/${position}/proof`)}
            download
            className={`${buttonClassName({ size: 's' })} justify-self-start`}
          >
            <Download aria-hidden />
            Proof as a file
          </a>
        </>
      )}
    </div>
  )
}
