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
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `New organization · ${PRODUCT_NAME}` }]

export async function loader({ request, context }: LoaderFunctionArgs) {
  const organizations = await loaderResult(request, context.caller.organizationList())
  return { isFirst: organizations.length === 0 }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  return formAction(request, form, async () => {
    const { slug } = await context.caller.organizationCreate({ name: fieldText(form, 'name') })
    return redirect(`/o/${slug}`)
  })
}

export default function NewOrganization() {
  const { isFirst } = useLoaderData<typeof loader>()
  const refusal = useActionData<typeof action>()
  return (
    <AuthShell
      title="Create an organization"
      description={
        isFirst
          ? 'You are not a member of any organization. Create one, or ask a colleague to invite you.'
          : 'You become its first owner.'
      }
      footer={
        <PageLink to="/account" className="link">
          Your account
        </PageLink>
      }
    >
      <FormError message={refusal?.message} fieldErrors={refusal?.fields} labels={{ name: 'Name' }} />
      <Form method="post" className="grid gap-4">
        <TextField
          name="name"
          label="Name"
          autoComplete="organization"
          required
          maxLength={120}
          defaultValue={refusal?.values.name}
          error={refusal?.fields.name}
        />
        <SubmitButton>Create</SubmitButton>
      </Form>
    </AuthShell>
  )
}
