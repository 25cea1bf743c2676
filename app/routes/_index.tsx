import { type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { FrontPage } from '../components/front/front-page.tsx'
import { PRODUCT_NAME, PRODUCT_PURPOSE } from '../lib/brand.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [
  { title: PRODUCT_NAME },
  { name: 'description', content: PRODUCT_PURPOSE },
]

/** Who is signed in goes to the first organization, or to the form that creates one; anybody else reads what this is. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const { caller } = context
  if ((await caller.sessionCurrent()) === null) return null
  const [first] = await loaderResult(request, caller.organizationList())
  return redirect(first ? `/o/${first.slug}` : '/organizations/new')
}

export default function Index() {
  return <FrontPage />
}
