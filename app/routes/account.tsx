import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { Form, useActionData, useLoaderData } from '@remix-run/react'
import { AuthShell } from '../components/layout/auth-shell.tsx'
import { Time } from '../components/time/time.tsx'
import { Badge } from '../components/ui/badge.tsx'
import { Button, LinkButton, SubmitButton } from '../components/ui/button.tsx'
import { DescriptionList } from '../components/ui/description-list.tsx'
import { DoneNote } from '../components/ui/done-note.tsx'
import { FormError } from '../components/ui/form-error.tsx'
import { PageLink } from '../components/ui/page-link.tsx'
import { TextField } from '../components/ui/text-field.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { fieldText, formAction, readForm } from '../lib/form-action.ts'
import { loaderResult } from '../lib/procedure-errors.ts'
import { describeUserAgent } from '../lib/user-agent.ts'

export const meta: MetaFunction = () => [{ title: `Your account · ${PRODUCT_NAME}` }]

export async function loader({ request, context }: LoaderFunctionArgs) {
  const sessions = await loaderResult(request, context.caller.listSessions())
  const factors = await loaderResult(request, context.caller.secondFactor.show())
  const current = await context.caller.sessionCurrent()
  return {
    user: current?.user ?? null,
    sessions,
    factors,
    done: new URL(request.url).searchParams.get('done'),
  }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  return formAction(request, form, async () => {
    if (fieldText(form, 'intent') === 'password') {
      await context.caller.changePassword({
        currentPassword: fieldText(form, 'currentPassword'),
        newPassword: fieldText(form, 'newPassword'),
      })
      return redirect('/account?done=password')
    }
    await context.caller.revokeSession({ sessionId: fieldText(form, 'sessionId') })
    return redirect('/account?done=session')
  })
}

export default function Account() {
  const { user, done } = useLoaderData<typeof loader>()
  const refusal = useActionData<typeof action>()
  return (
    <AuthShell
      title="Your account"
      isWide
      footer={
        <PageLink to="/" className="link">
          Back to your organizations
        </PageLink>
      }
    >
      {refusal ? null : <DoneNote done={done} words={DONE} />}
      {user ? (
        <DescriptionList
          items={[
            { name: 'Name', value: user.name },
            { name: 'E-mail address', value: user.email },
          ]}
        />
      ) : null}
      {refusal && refusal.intent !== 'password' ? <FormError message={refusal.message} /> : null}
      <Form method="post" action="/logout">
        <Button type="submit">Sign out</Button>
      </Form>
      <SecondFactorLink />
      <Password />
      <Sessions />
    </AuthShell>
  )
}

function SecondFactorLink() {
  const { factors } = useLoaderData<typeof loader>()
  const count = factors.passkeys.length
  const has = [
    factors.app.isOn ? 'an authenticator app' : '',
    count > 0 ? (count === 1 ? 'one passkey' : `${count} passkeys`) : '',
  ].filter(Boolean)
  return (
    <section className="grid gap-3 border-t border-line pt-5" aria-labelledby="second-factor">
      <h2 id="second-factor" className="text-m font-semibold">
        Second factor
      </h2>
      <p className="text-s text-ink-2">
        {has.length > 0
          ? `You have ${has.join(' and ')}.`
          : 'There is none: whoever has your password gets in.'}
      </p>
      <div>
        <LinkButton to="/account/second-factor">{has.length > 0 ? 'Change it' : 'Set one up'}</LinkButton>
      </div>
    </section>
  )
}

function Password() {
  const { user } = useLoaderData<typeof loader>()
  const refusal = useActionData<typeof action>()
  const shown = refusal?.intent === 'password' ? refusal : undefined
  return (
    <section className="grid gap-4 border-t border-line pt-5" aria-labelledby="password">
      <h2 id="password" className="text-m font-semibold">
        Change the password
      </h2>
      <FormError message={shown?.message} fieldErrors={shown?.fields} labels={LABELS} />
      <Form method="post" className="grid gap-4">
        {/* Tells a password manager whose password this is. */}
        <input type="hidden" name="username" autoComplete="username" value={user?.email ?? ''} />
        <TextField
          name="currentPassword"
          label={LABELS.currentPassword}
          type="password"
          autoComplete="current-password"
          required
          error={shown?.fields.currentPassword}
        />
        <TextField
          name="newPassword"
          label={LABELS.newPassword}
          type="password"
          autoComplete="new-password"
          minLength={15}
          maxLength={128}
          required
          hint="At least 15 characters. Your other sessions end."
          error={shown?.fields.newPassword}
        />
        <div>
          <SubmitButton intent="password">Change the password</SubmitButton>
        </div>
      </Form>
    </section>
  )
}

function Sessions() {
  const { sessions } = useLoaderData<typeof loader>()
  return (
    <section className="grid gap-3 border-t border-line pt-5" aria-labelledby="sessions">
      <h2 id="sessions" className="text-m font-semibold">
        Where you are signed in
      </h2>
      <ul className="divide-y divide-line">
        {sessions.map(session => (
          <li key={session.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5 text-s">
            <div className="min-w-0 flex-1">
              <p className="font-medium text-ink">
                {describeUserAgent(session.userAgent)} {session.isCurrent ? <Badge>this one</Badge> : null}
              </p>
              <p className="text-ink-2">
                {session.address ?? 'Unknown address'} · since <Time value={session.createdAt} /> · last used{' '}
                <Time value={session.lastUsedAt} />
              </p>
            </div>
            {session.isCurrent ? null : (
              <Form method="post">
                <input type="hidden" name="intent" value="session" />
                <input type="hidden" name="sessionId" value={session.id} />
                <Button type="submit" size="s">
                  End it
                </Button>
              </Form>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

const LABELS = { currentPassword: 'Current password', newPassword: 'New password' }

const DONE: Record<string, string> = {
  password: 'Your password is changed, and your other sessions have ended.',
  session: 'The session has ended.',
}
