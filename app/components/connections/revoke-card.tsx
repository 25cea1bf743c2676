import type { FormRefusal } from '../../lib/form-action.ts'
import { formatCount } from '../../lib/format.ts'
import { Card } from '../ui/card.tsx'
import { ConfirmForm } from '../ui/confirm-form.tsx'
import { Consequences } from '../ui/consequences.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import type { ConnectionPage } from './answers.ts'

/** Ends a connection behind a typed word, after saying exactly what is destroyed and what is kept. */
export function RevokeCard({ revocation, afterRevoking, refusal }: RevokeCardProps) {
  const { word, destroys, keepsEvidence } = revocation
  return (
    <Card title="Revoke" id="revoke">
      <p className="text-s text-ink-2">
        Ends this connection for good. Coverage of this directory falls to no data at once.
      </p>
      <div className="mt-3">
        <Disclosure summary="Revoke this connection" isOpen={refusal !== undefined}>
          <ConfirmForm
            word={word}
            intent="revoke"
            submitLabel="Revoke and destroy the credential"
            error={refusal?.fields.confirmation}
          >
            {refusal && !refusal.fields.confirmation ? (
              <p role="alert" className="font-medium text-fail">
                {refusal.message}
              </p>
            ) : null}
            <Consequences
              sides={[
                {
                  title: 'Destroyed, at once and for good',
                  items: [...destroys, 'the schedule of its syncs'],
                },
                {
                  title: 'Kept',
                  items: [
                    `${formatCount(keepsEvidence, 'evidence row')} with every item`,
                    'all events, verdicts and past coverage',
                    'this page, as a record',
                  ],
                },
              ]}
            />
            <p>{afterRevoking}</p>
            <p>
              The directory can be connected again later; its history goes on. This needs a sign-in of the
              last 15 minutes; you are asked if yours is older.
            </p>
          </ConfirmForm>
        </Disclosure>
      </div>
    </Card>
  )
}

type RevokeCardProps = {
  revocation: NonNullable<ConnectionPage['revocation']>
  afterRevoking: string
  refusal: FormRefusal | undefined
}
