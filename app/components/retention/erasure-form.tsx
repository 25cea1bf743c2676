import type { FormRefusal } from '../../lib/form-action.ts'
import { formatCount } from '../../lib/format.ts'
import { ConfirmForm } from '../ui/confirm-form.tsx'
import { Consequences } from '../ui/consequences.tsx'
import { FormError } from '../ui/form-error.tsx'
import { TextField } from '../ui/text-field.tsx'
import type { ErasurePreview, FoundPeople } from './answers.ts'

/** The last step: what goes, what stays and who holds it, a reason and the typed word. */
export function ErasureForm({ person, preview, refusal }: ErasureFormProps) {
  const { subjectKey, word, removed, kept } = preview
  const shown = refusal?.intent === 'erase' ? refusal : undefined
  return (
    <div className="max-w-2xl border-t border-line pt-4">
      <ConfirmForm
        word={word}
        intent="erase"
        submitLabel="Erase this person"
        hidden={{ subject: subjectKey }}
        error={shown?.fields.confirmation}
      >
        <FormError message={shown?.message} fieldErrors={shown?.fields} />
        <p>
          {person ? (
            <strong className="font-semibold text-ink">
              {person.name}
              {person.login && person.login !== person.name ? `, ${person.login}` : null},{' '}
            </strong>
          ) : null}
          object id <code className="break-all font-mono text-ink">{subjectKey}</code>
        </p>
        <Consequences
          sides={[
            {
              title: 'Goes, for good',
              items: [
                `the content of ${formatCount(removed, 'item')}: names, addresses, risky sign-ins`,
                'the name in every list and search',
                'every archive of this organization that was made and is not gone yet',
              ],
            },
            {
              title: 'Stays',
              items: [
                ...kept.map(
                  ({ title, assessmentId, count }) =>
                    `${formatCount(count, 'item')} that the approved assessment ${title ?? assessmentId} holds: the database lets nobody remove them`,
                ),
                'events, hashes and verdicts, which name the object id alone',
                'that the account is there, and when it last signed in',
              ],
            },
          ]}
        />
        <p>
          A sync under way is begun anew. With the next one the fingerprints of the person’s evidence change
          once, because it is kept without names from then on. This needs a sign-in of the last 15 minutes;
          you are asked if yours is older.
        </p>
        <TextField
          name="reason"
          label="Reason"
          maxLength={1000}
          required
          autoComplete="off"
          hint="Such as the date of the request. Part of the audit trail for ever: name nobody."
          defaultValue={shown?.values.reason}
          error={shown?.fields.reason}
        />
      </ConfirmForm>
    </div>
  )
}

type ErasureFormProps = {
  person: FoundPeople[number] | undefined
  preview: ErasurePreview
  refusal: FormRefusal | undefined
}
