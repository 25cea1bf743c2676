import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { Time } from '../time/time.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Consequences } from '../ui/consequences.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { FormError } from '../ui/form-error.tsx'
import { Status, type StatusValue } from '../ui/status.tsx'
import { DateField, TextField } from '../ui/text-field.tsx'
import type { Connection, ConnectorCard } from './answers.ts'
import { useClearedField } from './use-cleared-field.ts'

/** How long the client secret lasts, and the form that puts a new one in its place. */
export function SecretCard({ secret, card, canReplace, refusal }: SecretCardProps) {
  const form = useClearedField('clientSecret', refusal)
  const { fields } = card
  const labels = {
    clientSecret: `New ${lowered(fields.clientSecret.label)}`,
    secretExpiresOn: 'It expires on',
  }
  return (
    <Card title="Client secret" id="secret">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-s">
        <Status {...LOOKS[secret.state]} />
        {secret.expiresAt ? (
          <span className="text-ink-2">
            {secret.state === 'expired' ? 'since' : 'until'} <Time value={secret.expiresAt} mode="date" />
            {secret.state === 'expired' ? '' : `, ${daysWords(secret.daysLeft ?? 0)}`}
          </span>
        ) : (
          <span className="text-ink-2">Nobody said when it expires, so nobody can be warned.</span>
        )}
      </p>
      {canReplace ? (
        <div className="mt-3">
          <Disclosure
            summary="Replace the secret"
            isOpen={refusal !== undefined || secret.state === 'expired'}
          >
            <Form ref={form} method="post" className="grid max-w-md gap-3" autoComplete="off">
              <FormError message={refusal?.message} fieldErrors={refusal?.fields} labels={labels} />
              <p className="text-s text-ink-2">
                {card.newSecret} Enter it here; a sync follows at once. The old one can be deleted in{' '}
                {card.console} afterwards.
              </p>
              <Consequences
                sides={[
                  { title: 'Destroyed, at once and for good', items: ['the old secret, as it is kept here'] },
                  {
                    title: 'Kept',
                    items: ['the sign-in and its permissions', 'every evidence row, verdict and event'],
                  },
                ]}
              />
              <TextField
                name="clientSecret"
                type="password"
                label={labels.clientSecret}
                hint={fields.clientSecret.hint}
                error={refusal?.fields.clientSecret}
                required
                isMono
                autoComplete="new-password"
                spellCheck={false}
              />
              <DateField
                name="secretExpiresOn"
                label={labels.secretExpiresOn}
                hint={fields.secretExpiresOn.hint}
                defaultValue={refusal?.values.secretExpiresOn}
                error={refusal?.fields.secretExpiresOn}
                required
              />
              <p className="text-xs text-ink-2">
                Needs a sign-in of the last 15 minutes; you are asked if yours is older.
              </p>
              <div>
                <SubmitButton intent="replace_secret" pendingLabel="Replacing …">
                  Replace the secret
                </SubmitButton>
              </div>
            </Form>
          </Disclosure>
        </div>
      ) : null}
    </Card>
  )
}

type SecretCardProps = {
  secret: Connection['secret']
  card: Pick<ConnectorCard, 'fields' | 'newSecret' | 'console'>
  canReplace: boolean
  refusal: FormRefusal | undefined
}

const daysWords = (days: number) =>
  days === 0 ? 'less than a day left' : `${days} ${days === 1 ? 'day' : 'days'} left`

const lowered = (words: string) => words.charAt(0).toLowerCase() + words.slice(1)

const LOOKS: Record<Connection['secret']['state'], { value: StatusValue; word: string }> = {
  valid: { value: 'pass', word: 'Valid' },
  soon: { value: 'stale', word: 'Ends within 30 days' },
  near: { value: 'stale', word: 'Ends within two weeks' },
  urgent: { value: 'fail', word: 'Ends within a week' },
  expired: { value: 'fail', word: 'Expired' },
  unknown: { value: 'unavailable', word: 'Expiry not known' },
}
