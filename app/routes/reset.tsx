import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { Form, useActionData, useLoaderData } from '@remix-run/react'
import { AuthShell } from '../components/layout/auth-shell.tsx'
import { SubmitButton } from '../components/ui/button.tsx'
import { FormError } from '../components/ui/form-error.tsx'
import { PageLink } from '../components/ui/page-link.tsx'
import { TextField } from '../components/ui/text-field.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { fieldText, formAction, readForm } from '../lib/form-action.ts'

export const meta: MetaFunction = () => [{ title: `Set a new password · ${PRODUCT_NAME}` }]

/** Three steps at one address: ask for a link, hear that it was sent, choose the password. */
export function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  return { token: searchParams.get('token') ?? '', isSent: searchParams.has('sent') }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const token = fieldText(form, 'token')
  return formAction(
    request,
    form,
    async () => {
      if (token === '') {
        await context.caller.requestPasswordReset({ email: fieldText(form, 'email') })
        return redirect('/reset?sent')
      }
      await context.caller.resetPassword({ token, password: fieldText(form, 'password') })
      return redirect('/login?done=reset')
    },
    { neverRefilled: ['token'] },
  )
}

export default function Reset() {
  const { token, isSent } = useLoaderData<typeof loader>()
  const refusal = useActionData<typeof action>()
  return (
    <AuthShell
      title={isSent ? 'Look in your mailbox' : 'Set a new password'}
      footer={
        <PageLink to="/login" className="link">
          Back to sign in
        </PageLink>
      }
    >
      <FormError message={refusal?.message} fieldErrors={refusal?.fields} labels={LABELS} />
      {isSent ? (
        <p className="text-m text-ink-2">
          If there is an account for the address, a mail with a link is on its way. The link is good for one
          hour.
        </p>
      ) : (
        <Form method="post" className="grid gap-4">
          {token === '' ? (
            <>
              <TextField
                name="email"
                label={LABELS.email}
                type="email"
                autoComplete="username"
                required
                hint="We send a link to it."
                defaultValue={refusal?.values.email}
                error={refusal?.fields.email}
              />
              <SubmitButton>Send the link</SubmitButton>
            </>
          ) : (
            <>
              <input type="hidden" name="token" value={token} />
              <TextField
                name="password"
                label={LABELS.password}
                type="password"
                autoComplete="new-password"
                minLength={15}
                maxLength={128}
                required
                hint="At least 15 characters. It signs you out everywhere."
                error={refusal?.fields.password}
              />
              <SubmitButton>Set the password</SubmitButton>
            </>
          )}
        </Form>
      )}
    </AuthShell>
  )
}

const LABELS = { email: 'E-mail address', password: 'New password' }
