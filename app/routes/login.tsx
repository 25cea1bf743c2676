import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { Form, useActionData, useLoaderData } from '@remix-run/react'
import { useRef } from 'react'
import { PasskeyButton } from '../components/account/passkey-button.tsx'
import { AuthShell } from '../components/layout/auth-shell.tsx'
import { SubmitButton } from '../components/ui/button.tsx'
import { DoneNote } from '../components/ui/done-note.tsx'
import { FormError } from '../components/ui/form-error.tsx'
import { PageLink } from '../components/ui/page-link.tsx'
import { TextField } from '../components/ui/text-field.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { fieldText, formAction, readForm } from '../lib/form-action.ts'

export const meta: MetaFunction = () => [{ title: `Sign in · ${PRODUCT_NAME}` }]

/** Who is signed in goes on, unless a step asks for a fresh sign-in (`?again=1`). */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  const current = await context.caller.sessionCurrent()
  const isAgain = searchParams.has('again') && current !== null
  if (current && !isAgain) throw redirect('/')
  return {
    isAgain,
    email: current?.user.email ?? '',
    to: searchParams.get('to') ?? '',
    done: searchParams.get('done'),
  }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const { passkeys } = context.caller
  const intent = fieldText(form, 'intent')
  return formAction(request, form, async () => {
    if (intent === 'passkey_options') return data(await passkeys.signInOptions({}))
    if (intent === 'passkey') {
      const credential = fieldText(form, 'credential')
      const { to } = await passkeys.signIn({ credential, to: fieldText(form, 'to') })
      return redirect(to)
    }
    const { to } = await context.caller.signIn({
      email: fieldText(form, 'email'),
      password: fieldText(form, 'password'),
      to: fieldText(form, 'to'),
    })
    return redirect(to)
  })
}

export default function Login() {
  const { isAgain, email, to, done } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const refusal = answer && 'fields' in answer ? answer : undefined
  const form = useRef<HTMLFormElement>(null)
  return (
    <AuthShell
      title={isAgain ? 'Confirm it is you' : 'Sign in'}
      description={isAgain ? 'What comes next needs a sign-in that is younger than 15 minutes.' : undefined}
      footer={
        <>
          New here?{' '}
          <PageLink to="/register" className="link">
            Register an organization
          </PageLink>
        </>
      }
    >
      <DoneNote done={done} words={DONE} />
      <FormError message={refusal?.message} fieldErrors={refusal?.fields} labels={LABELS} />
      <Form method="post" className="grid gap-4">
        <input type="hidden" name="to" value={to} />
        <TextField
          name="email"
          label={LABELS.email}
          type="email"
          autoComplete="username"
          required
          readOnly={isAgain}
          defaultValue={refusal?.values.email ?? email}
          error={refusal?.fields.email}
        />
        <TextField
          name="password"
          label={LABELS.password}
          type="password"
          autoComplete="current-password"
          required
          error={refusal?.fields.password}
        />
        <SubmitButton>{isAgain ? 'Confirm' : 'Sign in'}</SubmitButton>
      </Form>
      <form ref={form} className="grid">
        <input type="hidden" name="to" value={to} />
        <PasskeyButton kind="get" intent="passkey" form={form}>
          {isAgain ? 'Confirm with a passkey' : 'Sign in with a passkey'}
        </PasskeyButton>
      </form>
      <p className="text-s">
        <PageLink to="/reset" className="link">
          Forgot the password?
        </PageLink>
      </p>
    </AuthShell>
  )
}

const LABELS = { email: 'E-mail address', password: 'Password' }

const DONE: Record<string, string> = {
  verified: 'Your e-mail address is confirmed. Sign in to go on.',
  reset: 'Your new password is set, and you were signed out everywhere. Sign in with it.',
  out: 'You are signed out.',
}
