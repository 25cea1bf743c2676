import { useRef } from 'react'
import type { Caller } from '../../../server/trpc/router.ts'
import type { FormRefusal } from '../../lib/form-action.ts'
import { Time } from '../time/time.tsx'
import { ConfirmForm } from '../ui/confirm-form.tsx'
import { Consequences } from '../ui/consequences.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { FormError } from '../ui/form-error.tsx'
import { TextField } from '../ui/text-field.tsx'
import { PasskeyButton } from './passkey-button.tsx'

type OwnPasskey = Awaited<ReturnType<Caller['secondFactor']['show']>>['passkeys'][number]

/** A person's passkeys: what there is, and a form for one more. */
export function PasskeysCard({ passkeys, refusal }: PasskeysCardProps) {
  const form = useRef<HTMLFormElement>(null)
  return (
    <section className="grid gap-4 border-t border-line pt-5" aria-labelledby="passkeys">
      <h2 id="passkeys" className="text-m font-semibold">
        Passkeys
      </h2>
      <p className="text-s text-ink-2">
        A passkey signs you in by your device alone: it asks for your finger, face or PIN, so that it is two
        factors in one. It works on this address only, and no other page can ask for it.
      </p>
      <FormError message={refusal?.message} fieldErrors={refusal?.fields} labels={{ name: 'Name' }} />
      {passkeys.length > 0 ? (
        <ul className="divide-y divide-line">
          {passkeys.map(passkey => (
            <li key={passkey.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5 text-s">
              <div className="min-w-0 flex-1">
                <p className="font-medium break-words text-ink">{passkey.name}</p>
                <p className="text-ink-2">
                  {passkey.isBackedUp ? 'On all your devices of its provider' : 'On one device'} · since{' '}
                  <Time value={passkey.createdAt} /> ·{' '}
                  {passkey.lastUsedAt ? (
                    <>
                      last used <Time value={passkey.lastUsedAt} />
                    </>
                  ) : (
                    'never used'
                  )}
                </p>
              </div>
              <Removal
                passkey={passkey}
                error={refusal?.values.passkeyId === passkey.id ? refusal.fields.confirmation : undefined}
              />
            </li>
          ))}
        </ul>
      ) : null}
      <form
        ref={form}
        method="post"
        className="grid gap-4"
        onSubmit={event => {
          event.preventDefault()
        }}
      >
        <TextField
          name="name"
          label="Name of a new passkey"
          hint="What you will know it by: the device, for example."
          maxLength={60}
          required
          error={refusal?.fields.name}
        />
      </form>
      <div>
        <PasskeyButton kind="create" intent="passkey" form={form}>
          Add a passkey
        </PasskeyButton>
      </div>
    </section>
  )
}

function Removal({ passkey: { id, name }, error }: { passkey: OwnPasskey; error: string | undefined }) {
  return (
    <div className="basis-full">
      <Disclosure summary={`Remove ${name}`} isOpen={error !== undefined}>
        <ConfirmForm
          word={name}
          intent="remove_passkey"
          submitLabel={`Remove ${name} for good`}
          hidden={{ passkeyId: id }}
          error={error}
        >
          <Consequences
            sides={[
              {
                title: 'Destroyed, at once and for good',
                items: ['what this passkey is recognised by: it no longer signs you in'],
              },
              {
                title: 'Kept',
                items: [
                  'your password, other passkeys and the authenticator app',
                  'sessions that it began, until they end',
                  'what your device lists, until you delete it there',
                ],
              },
            ]}
          />
        </ConfirmForm>
      </Disclosure>
    </div>
  )
}

type PasskeysCardProps = { passkeys: readonly OwnPasskey[]; refusal: FormRefusal | undefined }
