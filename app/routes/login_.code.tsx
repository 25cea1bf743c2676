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

export const meta: MetaFunction = () => [{ title: `Code · ${PRODUCT_NAME}` }]

/** The second step of a sign-in, after the password. */
export function loader({ request }: LoaderFunctionArgs) {
  return { to: new URL(request.url).searchParams.get('to') ?? '' }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  return formAction(
    request,
    form,
    async () => {
      const { to } = await context.caller.signInCode({
        code: fieldText(form, 'code'),
        to: fieldText(form, 'to'),
      })
      return redirect(to)
    },
    { neverRefilled: ['code'] },
  )
}

export default function LoginCode() {
  const { to } = useLoaderData<typeof loader>()
  const refusal = useActionData<typeof action>()
  return (
    <AuthShell
      title="Your code"
      description="The password was right. Now the code of your authenticator app."
      footer={
        <PageLink to="/login" className="link">
          Begin again
        </PageLink>
      }
    >
      <FormError message={refusal?.message} fieldErrors={refusal?.fields} labels={{ code: 'Code' }} />
      <Form method="post" className="grid gap-4">
        <input type="hidden" name="to" value={to} />
        <TextField
          name="code"
          label="Code"
          hint="Six digits; or one of your backup codes, if the app is out of reach."
          autoComplete="one-time-code"
          autoCapitalize="off"
          spellCheck={false}
          required
          error={refusal?.fields.code}
        />
        <SubmitButton>Sign in</SubmitButton>
      </Form>
    </AuthShell>
  )
}
