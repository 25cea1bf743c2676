import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { FormError } from '../ui/form-error.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import { FORMAT_NAMES } from './formats.ts'

/** Adds an address that messages are posted to. */
export function AddWebhookForm({ refusal }: { refusal: FormRefusal | undefined }) {
  return (
    <Card title="Add a webhook" id="add">
      <Form method="post" className="grid max-w-xl gap-4">
        <FormError message={refusal?.message} fieldErrors={refusal?.fields} />
        <TextField
          name="url"
          label="Address"
          type="url"
          required
          isMono
          autoComplete="off"
          spellCheck={false}
          hint="https only, on the public Internet. It is kept sealed: whoever knows it could post to it."
          defaultValue={refusal?.values.url}
          error={refusal?.fields.url}
        />
        <SelectField
          name="format"
          label="What is there"
          required
          options={[
            { value: 'standard', label: FORMAT_NAMES.standard },
            { value: 'slack', label: `${FORMAT_NAMES.slack}: an incoming webhook` },
            { value: 'teams', label: `${FORMAT_NAMES.teams}: a workflow that posts to a channel` },
          ]}
          defaultValue={refusal?.values.format ?? 'standard'}
          error={refusal?.fields.format}
        />
        <TextField
          name="label"
          label="Name"
          autoComplete="off"
          required={false}
          maxLength={80}
          hint="What you call it here. The host, if you leave it empty."
          defaultValue={refusal?.values.label}
          error={refusal?.fields.label}
        />
        <div>
          <SubmitButton intent="add" pendingLabel="Adding …">
            Add the webhook
          </SubmitButton>
        </div>
      </Form>
    </Card>
  )
}
