import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatDateTimeInput, formatDateTimeUtc } from '../../lib/format.ts'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { FormError } from '../ui/form-error.tsx'
import { DateField } from '../ui/text-field.tsx'
import type { ExportsData } from './answers.ts'

/** Asks for an archive of everything or of a period; an auditor's lies within the grant. */
export function RequestForm({ grant, refusal }: RequestFormProps) {
  const typed = refusal?.values
  return (
    <Card id="request" title="Ask for an archive">
      <Form method="post" className="grid gap-5">
        <FormError message={refusal?.message} fieldErrors={refusal?.fields} labels={LABELS} />
        {grant ? null : (
          <div className="grid justify-items-start gap-2">
            <p className="max-w-prose text-s text-ink-2">
              <strong className="font-semibold text-ink">The whole organization:</strong> everything from the
              first event to this moment.
            </p>
            <SubmitButton intent="organization">Export everything</SubmitButton>
          </div>
        )}
        <fieldset className="grid gap-3 border-t border-line pt-4">
          <legend className="sr-only">A period</legend>
          <p className="max-w-prose text-s text-ink-2">
            <strong className="font-semibold text-ink">A period:</strong> what was recorded in it, and the
            state that it began with. Of everything else the archive holds hashes only.
            {grant
              ? ` Your access covers ${formatDateTimeUtc(grant.from)} to ${formatDateTimeUtc(grant.to)}.`
              : null}
          </p>
          <div className="flex flex-wrap items-start gap-3">
            <DateField
              name="from"
              label={LABELS.from}
              withTime
              defaultValue={typed?.from ?? (grant ? formatDateTimeInput(grant.from) : undefined)}
              error={refusal?.fields.from}
            />
            <DateField
              name="to"
              label={LABELS.to}
              withTime
              defaultValue={typed?.to}
              error={refusal?.fields.to}
            />
            <div className="sm:pt-6">
              <SubmitButton intent="period" variant={grant ? 'primary' : 'secondary'}>
                Export the period
              </SubmitButton>
            </div>
          </div>
          <p className="text-xs text-ink-3">Without an end it ends now.</p>
        </fieldset>
        <p className="border-t border-line pt-3 text-xs text-ink-2">
          It is made in the background and kept for seven days. It holds names and addresses of people, as the
          directory had them: keep it accordingly. Asking needs a sign-in of the last 15 minutes; you are
          asked if yours is older.
        </p>
      </Form>
    </Card>
  )
}

const LABELS = { from: 'From (UTC)', to: 'To (UTC)' }

type RequestFormProps = { grant: ExportsData['grant']; refusal: FormRefusal | undefined }
