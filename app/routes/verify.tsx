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
import { PRODUCT_NAME } from '../lib/brand.ts'
import { fieldText, formAction, readForm } from '../lib/form-action.ts'

export const meta: MetaFunction = () => [{ title: `Confirm your address · ${PRODUCT_NAME}` }]

/** Opening the link changes nothing: mail scanners open links, too. The button does. */
export function loader({ request }: LoaderFunctionArgs) {
  return { token: new URL(request.url).searchParams.get('token') ?? '' }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  return formAction(
    request,
    form,
    async () => {
      await context.caller.verifyEmail({ token: fieldText(form, 'token') })
      return redirect('/login?done=verified')
    },
    { neverRefilled: ['token'] },
  )
}

export default function Verify() {
  const { token } = useLoaderData<typeof loader>()
  const refusal = useActionData<typeof action>()
  return (
    <AuthShell
      title="Confirm your e-mail address"
      footer={
        <PageLink to="/login" className="link">
          Sign in
        </PageLink>
      }
    >
      <FormError message={refusal?.message ?? (refusal ? NO_LINK : null)} />
      {token === '' ? (
        <p className="text-m text-ink-2">{NO_LINK}</p>
      ) : (
        <Form method="post" className="grid gap-4">
          <input type="hidden" name="token" value={token} />
          <p className="text-m text-ink-2">
            With this you say that the mailbox is yours. Then your organization is there, and you can sign in.
          </p>
          <SubmitButton>Confirm the address</SubmitButton>
        </Form>
      )}
    </AuthShell>
  )
}

const NO_LINK = 'Open the link of the mail as a whole. Registering again sends a new one.'
