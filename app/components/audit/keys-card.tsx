import { Fragment } from 'react'
import { formatNumber } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { Card } from '../ui/card.tsx'
import { Code, CodeBlock } from '../ui/code.tsx'
import { DescriptionList } from '../ui/description-list.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import type { CheckpointsData } from './answers.ts'

/** The key that signs, as a reader keeps it, and those before it. */
export function KeysCard({ list: { keys, origin } }: { list: CheckpointsData }) {
  const signing = keys.at(-1)
  const former = keys.slice(0, -1).reverse()
  if (!signing) return null
  return (
    <Card id="keys" title="Key">
      <div className="grid gap-4 text-s">
        <p className="max-w-prose text-ink-2">
          Note it down once, with the first checkpoint that you keep: it is what signatures are checked by.
          The key itself never leaves the key service.
        </p>
        <Key signing={signing} origin={origin} />
        {former.length > 0 ? (
          <Disclosure summary={`Keys before it: ${former.length}`}>
            <div className="grid gap-4 divide-y divide-line *:pt-4 first:*:pt-0">
              {former.map(key => (
                <Fragment key={key.keyId}>
                  <Key signing={key} origin={origin} />
                </Fragment>
              ))}
            </div>
          </Disclosure>
        ) : null}
      </div>
    </Card>
  )
}

function Key({
  signing,
  origin,
}: {
  signing: CheckpointsData['keys'][number]
  origin: CheckpointsData['origin']
}) {
  const base = useBase()
  const { verifierKey, algorithm, pem, position, adoptedAt } = signing
  return (
    <div className="grid gap-3">
      <DescriptionList
        items={[
          { name: 'Log', value: <Code value={origin ?? ''} copyLabel="Copy the log’s name" /> },
          { name: 'Verifier key', value: <Code value={verifierKey} copyLabel="Copy verifier key" /> },
          { name: 'Algorithm', value: ALGORITHMS[algorithm] },
          {
            name: 'Adopted',
            value: (
              <>
                <Time value={adoptedAt} />,{' '}
                <AsOfLink to={`${base}/audit/${position}`} className="link">
                  position {formatNumber(position)}
                </AsOfLink>
              </>
            ),
          },
        ]}
      />
      {pem ? (
        <Disclosure summary="As PEM, for other tools">
          <CodeBlock value={pem} label="public key" />
        </Disclosure>
      ) : null}
    </div>
  )
}

const ALGORITHMS = { ed25519: 'Ed25519', 'ecdsa-p256': 'ECDSA P-256 with SHA-256' }
