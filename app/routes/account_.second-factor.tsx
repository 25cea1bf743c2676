import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { AuthenticatorCard } from '../components/account/authenticator-card.tsx'
import { BackupCodes } from '../components/account/backup-codes.tsx'
import { PasskeysCard } from '../components/account/passkeys-card.tsx'
import { AuthShell } from '../components/layout/auth-shell.tsx'
import { LinkButton } from '../components/ui/button.tsx'
import { Callout } from '../components/ui/callout.tsx'
import { DoneNote } from '../components/ui/done-note.tsx'
import { PageLink } from '../components/ui/page-link.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { fieldText, formAction, readForm } from '../lib/form-action.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Second factor · ${PRODUCT_NAME}` }]

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  return {
    factors: await loaderResult(request, context.caller.secondFactor.show()),
    isRequired: searchParams.has('required'),
    done: searchParams.get('done'),
  }
}

const here = '/account/second-factor'

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const { secondFactor, passkeys } = context.caller
  const password = fieldText(form, 'password')
  return formAction(
    request,
    form,
    async () => {
      switch (fieldText(form, 'intent')) {
        case 'begin':
          await secondFactor.begin({ password })
          return redirect(`${here}#authenticator`)
        case 'confirm':
          return data(await secondFactor.confirm({ code: fieldText(form, 'code') }))
        case 'codes':
          return data(await secondFactor.renewBackupCodes({ password }))
        case 'off':
          await secondFactor.turnOff({ password })
          return redirect(`${here}?done=off`)
        case 'passkey_options':
          return data(await passkeys.registerOptions({}))
        case 'passkey':
          await passkeys.register({
            name: fieldText(form, 'name'),
            credential: fieldText(form, 'credential'),
          })
          return redirect(`${here}?done=passkey`)
        default:
          await passkeys.remove({
            passkeyId: fieldText(form, 'passkeyId'),
            confirmation: fieldText(form, 'confirmation'),
          })
          return redirect(`${here}?done=removed`)
      }
    },
    { neverRefilled: ['credential', 'code'] },
  )
}

export default function SecondFactor() {
  const { factors, isRequired, done } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const refusal = answer && 'fields' in answer ? answer : undefined
  const codes = answer && 'backupCodes' in answer ? answer.backupCodes : null
  const isOfPasskeys = refusal?.intent?.includes('passkey') ?? false
  const hasAny = factors.app.isOn || factors.passkeys.length > 0
  return (
    <AuthShell
      title="Second factor"
      description="What you have, besides the password that you know."
      isWide
      footer={
        <PageLink to="/account" className="link">
          Back to your account
        </PageLink>
      }
    >
      {isRequired && !factors.isStrong ? <RequiredNotice hasAny={hasAny} /> : null}
      {isRequired && factors.isStrong ? (
        <Callout tone="success" action={<LinkButton to="/">Go on to your organizations</LinkButton>}>
          You have a second factor, and this session was begun with it.
        </Callout>
      ) : null}
      {answer ? null : <DoneNote done={done} words={DONE} />}
      {codes ? <BackupCodes codes={codes} /> : null}
      <AuthenticatorCard app={factors.app} refusal={isOfPasskeys ? undefined : refusal} />
      <PasskeysCard passkeys={factors.passkeys} refusal={isOfPasskeys ? refusal : undefined} />
    </AuthShell>
  )
}

function RequiredNotice({ hasAny }: { hasAny: boolean }) {
  return (
    <Callout
      tone="warn"
      title="The organization lets owners and admins in with a second factor only"
      action={hasAny ? <LinkButton to="/login?again=1">Sign in with it</LinkButton> : undefined}
    >
      {hasAny
        ? 'You came in with your password alone. Sign in again with your passkey, or with a code.'
        : 'Set one up below; then you can go on.'}
    </Callout>
  )
}

const DONE: Record<string, string> = {
  off: 'The authenticator app is off, and its backup codes are no longer good.',
  passkey: 'The passkey is kept. You can sign in with it from now on.',
  removed: 'The passkey is forgotten here. Your device may still list it.',
}
