import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { ControlDetail } from '../components/controls/control-detail.tsx'
import { Callout } from '../components/ui/callout.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { decide, decidedWords } from '../lib/decide.ts'
import { formAction, readForm } from '../lib/form-action.ts'
import { organizationScope, pathOf } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'
import { reviewsFor } from '../lib/reviews.ts'

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data ? `${data.control.id} ${data.control.title}` : 'Control'} · ${PRODUCT_NAME}` },
]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  const cursor = searchParams.get('cursor')
  const scope = organizationScope(request, params)
  const { caller } = context
  const controlId = params.control ?? ''
  const [control, { exceptions }, { members, userId, asOf }] = await loaderResult(
    request,
    Promise.all([
      caller.controls.get({ ...scope, controlId, ...(cursor ? { cursor } : {}) }),
      caller.exceptions.list({ ...scope, controlId }),
      caller.memberList(scope),
    ]),
  )
  const administrators =
    control.id === 'AC-10'
      ? (await loaderResult(request, caller.accounts.administrators(scope))).administrators
      : null
  const reviews = await loaderResult(request, reviewsFor(caller, scope, control.id))
  const people = members.map(({ userId, name }) => ({ userId, name }))
  const ownUserId = asOf.isNow ? userId : null
  return { control, exceptions, administrators, reviews, people, ownUserId, done: searchParams.get('done') }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const { organization = '', control: controlId = '' } = params
  return formAction(request, form, async () => {
    const decided = await decide(context.caller, form, { organization, controlId })
    if (decided) return redirect(`${pathOf(request)}?done=${decided}`)
    return data({ explanation: await context.caller.coverage.explain(organizationScope(request, params)) })
  })
}

export default function ControlRoute() {
  const { control, done, ...decisions } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const isRefused = answer !== undefined && 'fields' in answer
  const words = decidedWords(done)
  return (
    <>
      {words && !answer ? (
        <Callout tone="success" role="status">
          {words}
        </Callout>
      ) : null}
      <ControlDetail
        control={control}
        explained={isRefused && answer.intent !== 'explain' ? undefined : answer}
        decisions={{ ...decisions, refusal: isRefused ? answer : undefined }}
      />
    </>
  )
}
