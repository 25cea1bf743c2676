import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatCount } from '../../lib/format.ts'
import { Time } from '../time/time.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { ConfirmForm } from '../ui/confirm-form.tsx'
import { Consequences } from '../ui/consequences.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { FormError } from '../ui/form-error.tsx'
import type { DeletionData } from './answers.ts'

/** Ends the organization, after days of grace in which an owner can take it back. For owners. */
export function DeletionCard({
  deletion,
  refusal,
}: {
  deletion: DeletionData
  refusal: FormRefusal | undefined
}) {
  const { deletesAt, graceDays, word, asOf } = deletion
  return (
    <Card title="Delete the organization" id="deletion">
      {deletesAt ? (
        <div className="grid gap-3 text-s text-ink-2">
          <p>
            The organization is to be deleted on <Time value={deletesAt} />. Everything goes on until then.
          </p>
          <FormError message={refusal?.message} />
          {asOf.isNow ? (
            <Form method="post">
              <SubmitButton variant="secondary" intent="cancel_deletion">
                Keep the organization
              </SubmitButton>
            </Form>
          ) : null}
        </div>
      ) : (
        <>
          <p className="text-s text-ink-2">
            Ends this organization for everybody, {graceDays} days after it is asked for.
          </p>
          {asOf.isNow ? (
            <div className="mt-3">
              <Disclosure summary="Delete this organization" isOpen={refusal !== undefined}>
                <ConfirmForm
                  word={word}
                  intent="request_deletion"
                  submitLabel={`Delete in ${graceDays} days`}
                  error={refusal?.fields.confirmation}
                >
                  <FormError message={refusal?.message} fieldErrors={refusal?.fields} />
                  <WhatHappens {...deletion} />
                </ConfirmForm>
              </Disclosure>
            </div>
          ) : null}
        </>
      )}
    </Card>
  )
}

function WhatHappens({ graceDays, kept }: DeletionData) {
  return (
    <>
      <Consequences
        sides={[
          {
            title: `Goes, ${graceDays} days from now`,
            items: [
              'everybody’s access',
              'connections with their credentials, schedules, webhooks and subscriptions with their secrets',
              'the content of every item: names, addresses, sign-ins, policies',
              'archives, invitations, and the data key under which secrets were sealed',
            ],
          },
          {
            title: 'Stays',
            items: [
              ...(kept.count > 0
                ? [
                    `${formatCount(kept.count, 'item')} that approved assessments hold (${kept.assessments.join(', ')}), for ${formatCount(kept.years, 'year')} more: the database lets nobody remove them sooner, the operator of this service included; then they go too`,
                  ]
                : []),
              'events, hashes and checkpoints, which name nobody: checkpoints that you kept can still be verified',
              'the address of the organization, which nobody else gets',
            ],
          },
        ]}
      />
      <p>
        Make an export before, and keep it. Backups of the database end by their own age. Until the day an
        owner can take it back here; every page says so meanwhile. This needs a sign-in of the last 15
        minutes; you are asked if yours is older.
      </p>
    </>
  )
}
