import { Form } from '@remix-run/react'
import type { ReactNode } from 'react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatCount, formatDateUtc, formatNumber } from '../../lib/format.ts'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { ConfirmForm } from '../ui/confirm-form.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { FormError } from '../ui/form-error.tsx'
import { TextField } from '../ui/text-field.tsx'
import type { AssessmentData } from './answers.ts'

/** The next step: to submit, then to approve or to send back. */
export function DecisionCard({ data, refusal }: DecisionCardProps) {
  if (data.status === 'approved') return null
  const words = <FormError message={refusal?.message} fieldErrors={refusal?.fields} />
  if (data.status === 'open') return <Submit data={data} words={words} />
  return (
    <Card id="decide" title="Approve or send back">
      <div className="grid gap-4">
        {words}
        {data.isOwnSubmission ? (
          <p className="max-w-prose text-s text-ink-2">
            You submitted this assessment, so that another compliance lead, admin or owner has to approve it.
          </p>
        ) : (
          <Disclosure summary="Approve and seal" isOpen={refusal?.intent === 'approve'}>
            <ConfirmForm
              word={data.name}
              intent="approve"
              submitLabel="Approve and seal for good"
              error={refusal?.fields.confirmation}
            >
              <SealWords data={data} />
            </ConfirmForm>
          </Disclosure>
        )}
        <Form method="post" className="flex flex-wrap items-start gap-3 border-t border-line pt-4">
          <div className="w-full sm:w-96">
            <TextField
              name="reason"
              label="Send it back: why"
              required
              maxLength={500}
              defaultValue={refusal?.intent === 'send-back' ? refusal.values.reason : undefined}
              error={refusal?.fields.reason}
            />
          </div>
          <div className="self-end">
            <SubmitButton intent="send-back" variant="secondary">
              Send back
            </SubmitButton>
          </div>
        </Form>
      </div>
    </Card>
  )
}

type DecisionCardProps = { data: AssessmentData; refusal: FormRefusal | undefined }

function Submit({ data, words }: { data: AssessmentData; words: ReactNode }) {
  const { attachments, isPeriodOver, periodTo } = data
  const hindrance = !isPeriodOver
    ? `The period runs until ${formatDateUtc(periodTo)}: the assessment can be submitted when it is over.`
    : attachments.length === 0
      ? 'Nothing is attached yet. Attach what the controls rest on first.'
      : null
  return (
    <Card id="decide" title="Submit">
      <div className="grid justify-items-start gap-3">
        {words}
        <p className="max-w-prose text-s text-ink-2">
          {hindrance ??
            'From then on nothing can be attached or detached, until another compliance lead, admin or owner approves it or sends it back.'}
        </p>
        {hindrance ? null : (
          <Form method="post">
            <SubmitButton intent="submit">Submit for approval</SubmitButton>
          </Form>
        )}
      </div>
    </Card>
  )
}

/** Exactly what becomes immutable, and for how long. */
function SealWords({ data }: { data: AssessmentData }) {
  const { attachments, items } = data
  return (
    <div className="grid max-w-prose gap-2">
      <p>
        The log is sealed with a signed checkpoint, which the approval names. From then on, for as long as
        this installation’s database exists and whoever asks, its administrators included, the database
        refuses:
      </p>
      <ul className="list-disc space-y-1 ps-5">
        <li>any further event of this assessment: no rename, no other period, no sending back</li>
        <li>
          any change of the {formatCount(attachments.length, 'attached row')} of evidence, or detaching them
        </li>
        <li>
          removing the contents of {formatCount(items.held, 'item')} in the attached populations, names and
          addresses included: retention passes them over, and so does a request to erase a person
        </li>
      </ul>
      {items.gone > 0 ? (
        <p>
          Of {formatNumber(items.gone)} further items the content was removed before. Their hashes are held,
          and the approval says how many they are.
        </p>
      ) : null}
      <p>
        What is attached stays as it is, for all who may read it. This cannot be undone. It needs a sign-in of
        the last 15 minutes; you are asked if yours is older.
      </p>
    </div>
  )
}
