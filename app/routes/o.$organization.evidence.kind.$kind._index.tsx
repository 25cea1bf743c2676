import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { KindPage } from '../components/evidence/kind-page.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { decide, decidedWords } from '../lib/decide.ts'
import { formAction, readForm } from '../lib/form-action.ts'
import { organizationScope, pathOf } from '../lib/organization.ts'
import { populationQuery } from '../lib/population-query.ts'
import { loaderResult } from '../lib/procedure-errors.ts'
import { reviewsFor } from '../lib/reviews.ts'

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.data.state.title ?? 'Evidence'} · ${PRODUCT_NAME}` },
]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  const { evidence } = context.caller
  const scope = organizationScope(request, params)
  const asked = { ...scope, ...populationQuery(request, params.kind) }
  const { kind, source, organization, asOf } = asked
  const before = searchParams.get('before')
  const cursor = searchParams.get('cursor')
  const [data, population] = await loaderResult(
    request,
    Promise.all([
      evidence.kind({ organization, asOf, kind, source, ...(before ? { before } : {}) }),
      evidence.population({ ...asked, ...(cursor ? { cursor } : {}) }),
    ]),
  )
  const reviewedBy = data.controls.find(({ id }) => id === REVIEWS[data.state.kind])
  const reviews = reviewedBy
    ? await loaderResult(request, reviewsFor(context.caller, scope, reviewedBy.id))
    : null
  const done = decidedWords(searchParams.get('done'))
  return { data, population, isHistoryPaged: before !== null, reviews, done }
}

/** Kinds of which somebody sees to what comes, and the control that asks for it. */
const REVIEWS: Partial<Record<string, string>> = {
  conditional_access_policies: 'AC-12',
  risky_sign_ins: 'AC-15',
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const { organization = '' } = params
  return formAction(request, form, async () => {
    const decided = await decide(context.caller, form, { organization })
    return redirect(`${pathOf(request)}${decided ? `?done=${decided}` : ''}`)
  })
}

export default function KindRoute() {
  return <KindPage {...useLoaderData<typeof loader>()} refusal={useActionData<typeof action>()} />
}
