import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import {
  Form,
  isRouteErrorResponse,
  Link,
  useActionData,
  useLoaderData,
  useRouteError,
} from '@remix-run/react'
import { AuthShell } from '../components/layout/auth-shell.tsx'
import { RouteErrorPage } from '../components/layout/route-error.tsx'
import { GrantWords } from '../components/members/grant-words.tsx'
import { Time } from '../components/time/time.tsx'
import { LinkButton, SubmitButton } from '../components/ui/button.tsx'
import { Callout } from '../components/ui/callout.tsx'
import { DescriptionList } from '../components/ui/description-list.tsx'
import { FormError } from '../components/ui/form-error.tsx'
import { TextField } from '../components/ui/text-field.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { fieldText, formAction, readForm } from '../lib/form-action.ts'
import { loaderResult } from '../lib/procedure-errors.ts'
import { ROLE_NAMES } from '../lib/roles.ts'

export const meta: MetaFunction = () => [{ title: `Invitation · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const [invitation, current] = await Promise.all([
    loaderResult(request, context.caller.invitationShow({ token: params.token ?? '' })),
    context.caller.sessionCurrent(),
  ])
  return { invitation, signedInAs: current?.user.email ?? null, token: params.token ?? '' }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  return formAction(request, form, async () => {
    const newAccount = form.has('password')
      ? { name: fieldText(form, 'name'), password: fieldText(form, 'password') }
      : {}
    const { slug } = await context.caller.invitationAccept({ token: params.token ?? '', ...newAccount })
    return redirect(`/o/${slug}`)
  })
}

export default function Invite() {
  const { invitation } = useLoaderData<typeof loader>()
  const { organizationName, email, role, grant, expiresAt } = invitation
  return (
    <AuthShell title={`Join ${organizationName}`} isWide>
      <DescriptionList
        items={[
          { name: 'For', value: email },
          { name: 'Role', value: ROLE_NAMES[role] },
          ...(grant ? [{ name: 'Access', value: <GrantWords grant={grant} /> }] : []),
          { name: 'Accept until', value: <Time value={expiresAt} /> },
        ]}
      />
      <Acceptance />
    </AuthShell>
  )
}

/** A link that is used, withdrawn, over or none says so, and shows the way on. */
export function ErrorBoundary() {
  const error = useRouteError()
  if (!isRouteErrorResponse(error) || error.status >= 500) return <RouteErrorPage />
  return (
    <AuthShell title="This invitation cannot be accepted">
      <p className="text-m text-ink-2">
        {error.data?.message ?? 'The link is not complete. Open it from the mail.'}
      </p>
      <LinkButton variant="primary" to="/">
        Go to your organizations
      </LinkButton>
    </AuthShell>
  )
}

/** As who is signed in, by signing in first, or as a new person. */
function Acceptance() {
  const { invitation, signedInAs, token } = useLoaderData<typeof loader>()
  const refusal = useActionData<typeof action>()
  if (signedInAs !== null && signedInAs.toLowerCase() !== invitation.email) {
    return (
      <Callout
        tone="warn"
        title={`You are signed in as ${signedInAs}`}
        action={
          <Form method="post" action="/logout">
            <SubmitButton variant="secondary">Sign out</SubmitButton>
          </Form>
        }
      >
        This invitation is for {invitation.email}. Sign out, then open the link again.
      </Callout>
    )
  }
  if (signedInAs === null && invitation.hasAccount) {
    return (
      <LinkButton variant="primary" to={`/login?${new URLSearchParams({ to: `/invite/${token}` })}`}>
        Sign in to accept
      </LinkButton>
    )
  }
  return (
    <>
      <FormError message={refusal?.message} fieldErrors={refusal?.fields} labels={LABELS} />
      <Form method="post" className="grid gap-4">
        {signedInAs === null ? (
          <>
            <input type="hidden" name="email" autoComplete="username" value={invitation.email} />
            <TextField
              name="name"
              label={LABELS.name}
              autoComplete="name"
              required
              maxLength={120}
              defaultValue={refusal?.values.name}
              error={refusal?.fields.name}
            />
            <TextField
              name="password"
              label={LABELS.password}
              type="password"
              autoComplete="new-password"
              required
              minLength={15}
              maxLength={128}
              hint="At least 15 characters. Four or five unrelated words in a row are easy to remember."
              error={refusal?.fields.password}
            />
          </>
        ) : null}
        <SubmitButton>Accept the invitation</SubmitButton>
      </Form>
      {signedInAs === null ? (
        <p className="text-s text-ink-2">
          Not you?{' '}
          <Link to="/login" className="link">
            Sign in with another account
          </Link>
        </p>
      ) : null}
    </>
  )
}

const LABELS = { name: 'Your name', password: 'Choose a password' }
