import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { FormError } from '../ui/form-error.tsx'

/** Asks for an archive of the assessment. */
export function ExportCard({ refusal }: { refusal: FormRefusal | undefined }) {
  return (
    <Card id="export" title="Export">
      <FormError message={refusal?.message} fieldErrors={refusal?.fields} />
      <Form method="post" className="grid justify-items-start gap-3">
        <p className="max-w-prose text-s text-ink-2">
          One archive with what was recorded in the period, this assessment with its own events and samples,
          and the program that verifies all of it without a network. Of everything else it holds hashes only.
        </p>
        <SubmitButton intent="export" variant="secondary">
          Export this assessment
        </SubmitButton>
        <p className="text-xs text-ink-2">
          It holds names and addresses of people: keep it accordingly. Asking needs a sign-in of the last 15
          minutes; you are asked if yours is older.
        </p>
      </Form>
    </Card>
  )
}
