import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatCount } from '../../lib/format.ts'
import { Time } from '../time/time.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { ConfirmForm } from '../ui/confirm-form.tsx'
import { FormError } from '../ui/form-error.tsx'
import { TextField } from '../ui/text-field.tsx'
import type { RetentionData, RetentionPreview } from './answers.ts'

/** The last step to another window: what the next purge would remove, and for a shorter one the words that confirm it. */
export function RetentionChange({ retention, preview, refusal }: RetentionChangeProps) {
  const { years, bounds } = retention
  if (preview.years === years) {
    return <p className="text-s text-ink-2">This is how long it is kept already. Nothing changes.</p>
  }
  const reason = <Reason isNeeded={preview.years > bounds.mostWithoutReason} refusal={refusal} />
  if (preview.years > years) {
    return (
      <Form method="post" className="grid max-w-xl gap-4">
        <FormError message={refusal?.message} fieldErrors={refusal?.fields} />
        <input type="hidden" name="years" value={preview.years} />
        <p className="text-s text-ink-2">
          Nothing is removed sooner. What is removed already does not come back.
        </p>
        {reason}
        <div>
          <SubmitButton intent="retention">Keep for {formatCount(preview.years, 'year')}</SubmitButton>
        </div>
      </Form>
    )
  }
  return (
    <div className="max-w-xl">
      <ConfirmForm
        word={formatCount(preview.years, 'year')}
        intent="retention"
        submitLabel={`Keep for ${formatCount(preview.years, 'year')} only`}
        hidden={{ years: String(preview.years) }}
        error={refusal?.fields.confirmation}
      >
        <FormError message={refusal?.message} fieldErrors={refusal?.fields} />
        <p>
          The next purge, within a day, removes the content of{' '}
          <strong className="font-semibold text-ink">{formatCount(preview.removed, 'item')}</strong> for good:
          what was last true before <Time value={preview.before} mode="date" />.{' '}
          {preview.kept > 0
            ? `${formatCount(preview.kept, 'item')} of the same age stay, because approved assessments hold them.`
            : null}
        </p>
        <p>
          Events, hashes, verdicts and past coverage stay. Archives that were made before are gone within
          seven days. This needs a sign-in of the last 15 minutes; you are asked if yours is older.
        </p>
        {reason}
      </ConfirmForm>
    </div>
  )
}

type RetentionChangeProps = {
  retention: RetentionData
  preview: RetentionPreview
  refusal: FormRefusal | undefined
}

function Reason({ isNeeded, refusal }: { isNeeded: boolean; refusal: FormRefusal | undefined }) {
  return (
    <TextField
      name="reason"
      label="Reason"
      maxLength={1000}
      required={isNeeded}
      autoComplete="off"
      hint="Part of the audit trail for ever: name nobody."
      defaultValue={refusal?.values.reason}
      error={refusal?.fields.reason}
    />
  )
}
