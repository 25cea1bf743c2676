import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { Time } from '../time/time.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { Status } from '../ui/status.tsx'
import { TextField } from '../ui/text-field.tsx'
import type { ErasureData } from './answers.ts'

/** Who was erased, by key: nothing else is left of them to name. */
export function ErasedList({ erasure, refusal }: { erasure: ErasureData; refusal: FormRefusal | undefined }) {
  const { erasures, canManage } = erasure
  if (erasures.length === 0) return <p className="pt-3 text-s text-ink-3">Nobody is erased.</p>
  return (
    <ul className="mt-4 divide-y divide-line border-t border-line text-s">
      {erasures.map(({ subjectKey, reason, at, byName, completedAt }) => {
        const shown =
          refusal?.intent === 'lift' && refusal.values.subject === subjectKey ? refusal : undefined
        return (
          <li key={subjectKey} className="grid gap-1.5 py-3">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <code className="break-all font-mono text-ink">{subjectKey}</code>
              {completedAt ? (
                <Status value="pass" word="Erased" />
              ) : (
                <Status value="partly" word="Being removed" />
              )}
            </div>
            <p className="text-ink-2">
              Asked for by {byName}, <Time value={at} />: {reason}
            </p>
            {canManage && completedAt ? (
              <Disclosure summary="Store by name again" isOpen={shown !== undefined}>
                <Form method="post" className="grid max-w-xl gap-3">
                  <input type="hidden" name="subject" value={subjectKey} />
                  {shown && !shown.fields.reason ? (
                    <p role="alert" className="font-medium text-fail">
                      {shown.message}
                    </p>
                  ) : null}
                  <TextField
                    name="reason"
                    id={`lift-${subjectKey}`}
                    label="Reason"
                    maxLength={1000}
                    required
                    autoComplete="off"
                    hint="What was removed does not come back; the next sync stores what the directory lists."
                    error={shown?.fields.reason}
                  />
                  <div>
                    <SubmitButton variant="secondary" intent="lift">
                      End the erasure
                    </SubmitButton>
                  </div>
                </Form>
              </Disclosure>
            ) : null}
          </li>
        )
      })}
    </ul>
  )
}
