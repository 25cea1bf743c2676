import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { AccountDetail } from '../components/accounts/account-detail.tsx'
import { Callout } from '../components/ui/callout.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { decide, decidedWords } from '../lib/decide.ts'
import { formAction, readForm } from '../lib/form-action.ts'
import { organizationScope, pathOf } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.account.name ?? 'Account'} · ${PRODUCT_NAME}` },
]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const scope = organizationScope(request, params)
  const { caller } = context
  const [account, { members, userId, asOf }] = await loaderResult(
    request,
    Promise.all([caller.accounts.get({ ...scope, subject: params.subject ?? '' }), caller.memberList(scope)]),
  )
  const people = members.map(({ userId, name }) => ({ userId, name }))
  const done = new URL(request.url).searchParams.get('done')
  return { account, people, ownUserId: asOf.isNow ? userId : null, done }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const { organization = '', subject = '' } = params
  return formAction(request, form, async () => {
    const decided = await decide(context.caller, form, { organization, subject })
    return redirect(`${pathOf(request)}${decided ? `?done=${decided}` : ''}`)
  })
}

export default function AccountRoute() {
  const { done, ...shown } = useLoaderData<typeof loader>()
  const refusal = useActionData<typeof action>()
  const words = decidedWords(done)
  return (
    <>
      {words && !refusal ? (
        <Callout tone="success" role="status">
          {words}
        </Callout>
      ) : null}
      <AccountDetail {...shown} refusal={refusal} />
    </>
  )
}
