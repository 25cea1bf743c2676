import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { SubmitButton } from '../ui/button.tsx'
import { FormError } from '../ui/form-error.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { DateField, TextField } from '../ui/text-field.tsx'
import type { ConnectorCard } from './answers.ts'
import { useClearedField } from './use-cleared-field.ts'

/** Takes what the app registration shows. The secret is never filled in again; everything else that was typed stays. */
export function ConnectForm({
  action,
  clouds,
  refusal,
  submitLabel = 'Continue to Microsoft',
  hasSummary = true,
}: ConnectFormProps) {
  const values = refusal?.values ?? {}
  const fields = refusal?.fields ?? {}
  const form = useClearedField('clientSecret', refusal)
  return (
    <Form ref={form} method="post" action={action} className="grid gap-4" autoComplete="off">
      {hasSummary ? <FormError message={refusal?.message} fieldErrors={fields} labels={LABELS} /> : null}
      <TextField
        name="externalTenantId"
        label={LABELS.externalTenantId}
        hint="On the app registration’s Overview page."
        defaultValue={values.externalTenantId}
        error={fields.externalTenantId}
        required
        isMono
        spellCheck={false}
        autoCapitalize="off"
        placeholder="00000000-0000-0000-0000-000000000000"
      />
      <TextField
        name="clientId"
        label={LABELS.clientId}
        hint="On the same page."
        defaultValue={values.clientId}
        error={fields.clientId}
        required
        isMono
        spellCheck={false}
        autoCapitalize="off"
        placeholder="00000000-0000-0000-0000-000000000000"
      />
      <TextField
        name="clientSecret"
        type="password"
        label={LABELS.clientSecret}
        hint={
          refusal
            ? 'Enter it again: it is never kept by a page.'
            : 'Under Certificates & secrets: the column Value, not the Secret ID.'
        }
        error={fields.clientSecret}
        required
        isMono
        autoComplete="new-password"
        spellCheck={false}
      />
      <DateField
        name="secretExpiresOn"
        label={LABELS.secretExpiresOn}
        hint="The column Expires. Microsoft does not let us read it; we warn 30, 14 and 7 days before."
        defaultValue={values.secretExpiresOn}
        error={fields.secretExpiresOn}
        required
      />
      <SelectField
        name="cloud"
        label={LABELS.cloud}
        hint="Where the directory lives. Nearly always Global."
        options={clouds.map(({ id, name }) => ({ value: id, label: name }))}
        defaultValue={values.cloud ?? clouds[0]?.id}
        error={fields.cloud}
      />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <SubmitButton pendingLabel="Going to Microsoft …">{submitLabel}</SubmitButton>
        <p className="text-xs text-ink-2">
          The secret is encrypted at once, and dropped if no sign-in follows.
        </p>
      </div>
    </Form>
  )
}

export type ConnectFormProps = {
  action: string
  clouds: ConnectorCard['clouds']
  refusal?: FormRefusal | undefined
  submitLabel?: string
  /** False where the page says itself what was refused. */
  hasSummary?: boolean
}

const LABELS = {
  externalTenantId: 'Directory (tenant) ID',
  clientId: 'Application (client) ID',
  clientSecret: 'Client secret (its Value)',
  secretExpiresOn: 'Client secret expires on',
  cloud: 'Cloud',
}
