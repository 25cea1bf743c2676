import { type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { ComparePage } from '../components/audit/compare/compare-page.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { organizationScope } from '../lib/organization.ts'
import { failureOf, loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Compare two moments · ${PRODUCT_NAME}` }]

/** An address that names the other moment loosely is made to name it exactly, so that it always shows the same. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { ledger } = context.caller
  const scope = organizationScope(request, params)
  const head = await loaderResult(request, ledger.head(scope))
  const url = new URL(request.url)
  const against = url.searchParams.get('against')
  if (!against) return { head, comparison: null, refusal: null }
  const answer = await ledger.compare({ ...scope, against }).then(
    comparison => ({ head, comparison, refusal: null }),
    (error: unknown) => ({ head, comparison: null, refusal: refusalOf(error) }),
  )
  const text = answer.comparison?.against.text ?? null
  if (text !== null && text !== against) {
    url.searchParams.set('against', text)
    throw redirect(`${url.pathname}${url.search}`)
  }
  return answer
}

/** A moment that cannot be looked up is told beside the field that named it; anything else stays an error. */
function refusalOf(error: unknown): string {
  const failure = failureOf(error)
  if (failure?.status !== 400 && failure?.status !== 403) throw error
  return failure.message ?? 'This moment cannot be looked up.'
}

export default function Compare() {
  return <ComparePage {...useLoaderData<typeof loader>()} />
}
