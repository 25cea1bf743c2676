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

export const meta: MetaFunction = () => [{ title: `Register · ${PRODUCT_NAME}` }]

export function loader({ request }: LoaderFunctionArgs) {
  return { isSent: new URL(request.url).searchParams.has('sent') }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  return formAction(request, form, async () => {
    await context.caller.register({
      name: fieldText(form, 'name'),
      email: fieldText(form, 'email'),
      organizationName: fieldText(form, 'organizationName'),
      password: fieldText(form, 'password'),
    })
    return redirect('/register?sent')
  })
}

export default function Register() {
  const { isSent } = useLoaderData<typeof loader>()
  return isSent ? <LookInMailbox /> : <RegistrationForm />
}

function LookInMailbox() {
  return (
    <AuthShell
      title="Look in your mailbox"
      footer={
        <PageLink to="/login" className="link">
          Sign in
        </PageLink>
      }
    >
      <p className="text-m text-ink-2">
        We have sent you a mail with a link. Open it to confirm your address: that makes your account and your
        organization. The link is good for 24 hours.
      </p>
      <p className="text-s text-ink-2">
        Nothing there after a few minutes? Look among unwanted mail, or{' '}
        <PageLink to="/register" className="link">
          register again
        </PageLink>
        : that sends a new link.
      </p>
    </AuthShell>
  )
}

function RegistrationForm() {
  const refusal = useActionData<typeof action>()
  const field = (name: keyof typeof LABELS) => ({
    name,
    label: LABELS[name],
    required: true,
    defaultValue: refusal?.values[name],
    error: refusal?.fields[name],
  })
  return (
    <AuthShell
      title="Register an organization"
      description="You become its first owner, and can invite others."
      footer={
        <>
          Registered already?{' '}
          <PageLink to="/login" className="link">
            Sign in
          </PageLink>
        </>
      }
    >
      <FormError message={refusal?.message} fieldErrors={refusal?.fields} labels={LABELS} />
      <Form method="post" className="grid gap-4">
        <TextField {...field('organizationName')} autoComplete="organization" maxLength={120} />
        <TextField {...field('name')} autoComplete="name" maxLength={120} />
        <TextField {...field('email')} type="email" autoComplete="username" />
        <TextField
          {...field('password')}
          type="password"
          autoComplete="new-password"
          minLength={15}
          maxLength={128}
          hint="At least 15 characters. Four or five unrelated words in a row are easy to remember."
        />
        <SubmitButton>Register</SubmitButton>
      </Form>
    </AuthShell>
  )
}

const LABELS = {
  organizationName: 'Organization',
  name: 'Your name',
  email: 'E-mail address',
  password: 'Password',
}
