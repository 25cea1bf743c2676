import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { FormError } from '../ui/form-error.tsx'

/** Whether owners and admins get in with a second factor only. */
export function SecondFactorCard({ isRequired, isSimulated, isDecider, refusal }: SecondFactorCardProps) {
  return (
    <Card id="second-factor" title="Second factor of owners and admins">
      <div className="grid gap-3 text-s">
        <p>
          {isRequired
            ? 'Required: owners and admins get in with an authenticator app or a passkey only.'
            : 'Not required: owners and admins get in with their password alone.'}
        </p>
        {isSimulated && !isRequired ? (
          <p className="text-ink-2">
            The demo has it off, so that its published passwords get you in. Turn it on where it matters.
          </p>
        ) : null}
        <FormError message={refusal?.message} />
        {isDecider ? (
          <Form method="post">
            <input type="hidden" name="isRequired" value={String(!isRequired)} />
            <SubmitButton intent="second_factor" variant={isRequired ? 'secondary' : 'primary'}>
              {isRequired ? 'Require it no longer' : 'Require a second factor'}
            </SubmitButton>
          </Form>
        ) : (
          <p className="text-ink-2">An admin or owner can change it.</p>
        )}
      </div>
    </Card>
  )
}

type SecondFactorCardProps = {
  isRequired: boolean
  isSimulated: boolean
  isDecider: boolean
  refusal: FormRefusal | undefined
}
