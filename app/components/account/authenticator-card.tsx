import { Form } from '@remix-run/react'
import type { Caller } from '../../../server/trpc/router.ts'
import type { FormRefusal } from '../../lib/form-action.ts'
import { SubmitButton } from '../ui/button.tsx'
import { Code } from '../ui/code.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { FormError } from '../ui/form-error.tsx'
import { TextField } from '../ui/text-field.tsx'

type App = Awaited<ReturnType<Caller['secondFactor']['show']>>['app']

/** The authenticator app: how to set it up, or how it is kept. Works without JavaScript. */
export function AuthenticatorCard({ app, refusal }: { app: App; refusal: FormRefusal | undefined }) {
  return (
    <section className="grid gap-4 border-t border-line pt-5" aria-labelledby="authenticator">
      <h2 id="authenticator" className="text-m font-semibold">
        Authenticator app
      </h2>
      <FormError message={refusal?.message} fieldErrors={refusal?.fields} labels={LABELS} />
      {app.isOn ? <AppThatIsOn app={app} refusal={refusal} /> : <AppToSetUp app={app} refusal={refusal} />}
    </section>
  )
}

const LABELS = { password: 'Your password', code: 'Code' }

function AppThatIsOn({ app, refusal }: { app: App; refusal: FormRefusal | undefined }) {
  const field = (intent: string) => ({
    id: `field-password-${intent}`,
    error: refusal?.intent === intent ? refusal.fields.password : undefined,
  })
  return (
    <>
      <p className="text-s text-ink-2">
        It is on: after your password you are asked for its code. {codesLeft(app.backupCodesLeft)}
      </p>
      <Disclosure summary="Make new backup codes">
        <Form method="post" className="grid gap-4 pt-3">
          <PasswordField {...field('codes')} />
          <div>
            <SubmitButton intent="codes" variant="secondary">
              Make new backup codes
            </SubmitButton>
          </div>
        </Form>
      </Disclosure>
      <Disclosure summary="Turn it off">
        <Form method="post" className="grid gap-4 pt-3">
          <p className="text-s text-ink-2">
            Your password alone gets you in then, and organizations that require a second factor keep you out.
          </p>
          <PasswordField {...field('off')} />
          <div>
            <SubmitButton intent="off" variant="danger">
              Turn it off
            </SubmitButton>
          </div>
        </Form>
      </Disclosure>
    </>
  )
}

function AppToSetUp({ app: { pending }, refusal }: { app: App; refusal: FormRefusal | undefined }) {
  if (!pending) {
    return (
      <Form method="post" className="grid gap-4">
        <p className="text-s text-ink-2">
          An app on your phone or computer shows a code that changes every 30 seconds. Whoever has your
          password alone does not get in.
        </p>
        <PasswordField error={refusal?.fields.password} />
        <div>
          <SubmitButton intent="begin">Set up an authenticator app</SubmitButton>
        </div>
      </Form>
    )
  }
  return (
    <Form method="post" className="grid gap-4">
      <p className="text-s text-ink-2">
        Read this code with the app, or type the key into it. It counts once a first code was right.
      </p>
      <QrCode {...pending.qr} />
      <p className="text-s">
        <span className="text-ink-2">Key: </span>
        <Code value={pending.key} copyLabel="Copy the key" />
      </p>
      <TextField
        name="code"
        label={LABELS.code}
        hint="Six digits that the app shows now."
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        error={refusal?.fields.code}
      />
      <div>
        <SubmitButton intent="confirm">Turn it on</SubmitButton>
      </div>
    </Form>
  )
}

/** Dark on light in both themes: many apps read nothing else. */
function QrCode({ size, path }: { size: number; path: string }) {
  return (
    <svg
      role="img"
      aria-label="QR code of the key below"
      viewBox={`0 0 ${size} ${size}`}
      className="size-52 rounded-s bg-white"
      shapeRendering="crispEdges"
    >
      <path d={path} fill="black" />
    </svg>
  )
}

function PasswordField({ id, error }: { id?: string; error: string | undefined }) {
  return (
    <TextField
      {...(id === undefined ? {} : { id })}
      name="password"
      label={LABELS.password}
      type="password"
      autoComplete="current-password"
      required
      error={error}
    />
  )
}

const codesLeft = (count: number) => {
  if (count === 0) return 'No backup code is left: make new ones before you lose the app.'
  return count === 1 ? 'One backup code is left.' : `${count} backup codes are left.`
}
