import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { SubmitButton } from '../ui/button.tsx'
import { FormError } from '../ui/form-error.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { DateField, TextField } from '../ui/text-field.tsx'
import type { ConnectorCard } from './answers.ts'
import { useClearedField } from './use-cleared-field.ts'

/** Takes what the app registration shows. The secret is never filled in again; everything else that was typed stays. */
export function ConnectForm({ action, card, refusal, hasSummary = true }: ConnectFormProps) {
  const values = refusal?.values ?? {}
  const fields = refusal?.fields ?? {}
  const form = useClearedField('clientSecret', refusal)
  const { fields: words, clouds } = card
  return (
    <Form ref={form} method="post" action={action} className="grid gap-4" autoComplete="off">
      {hasSummary ? (
        <FormError message={refusal?.message} fieldErrors={fields} labels={labelsOf(words)} />
      ) : null}
      <TextField
        name="externalTenantId"
        label={words.externalTenantId.label}
        hint={words.externalTenantId.hint}
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
        label={words.clientId.label}
        hint={words.clientId.hint}
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
        label={words.clientSecret.label}
        hint={refusal ? 'Enter it again: it is never kept by a page.' : words.clientSecret.hint}
        error={fields.clientSecret}
        required
        isMono
        autoComplete="new-password"
        spellCheck={false}
      />
      <DateField
        name="secretExpiresOn"
        label={words.secretExpiresOn.label}
        hint={words.secretExpiresOn.hint}
        defaultValue={values.secretExpiresOn}
        error={fields.secretExpiresOn}
        required
      />
      <SelectField
        name="cloud"
        label={words.cloud.label}
        hint={words.cloud.hint}
        options={clouds.map(({ id, name }) => ({ value: id, label: name }))}
        defaultValue={values.cloud ?? clouds[0]?.id}
        error={fields.cloud}
      />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <SubmitButton pendingLabel={`Going to ${card.signIn} …`}>Continue to {card.signIn}</SubmitButton>
        <p className="text-xs text-ink-2">
          The secret is encrypted at once, and dropped if no sign-in follows.
        </p>
      </div>
    </Form>
  )
}

export type ConnectFormProps = {
  action: string
  card: Pick<ConnectorCard, 'fields' | 'clouds' | 'signIn'>
  refusal?: FormRefusal | undefined
  /** False where the page says itself what was refused. */
  hasSummary?: boolean
}

const labelsOf = (words: ConnectorCard['fields']): Record<string, string> =>
  Object.fromEntries(Object.entries(words).map(([field, { label }]) => [field, label]))
