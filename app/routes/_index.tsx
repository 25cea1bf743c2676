import { type LoaderFunctionArgs, redirect } from '@remix-run/node'
import { loaderResult } from '../lib/procedure-errors.ts'

/** Goes where the person belongs: to the first organization, or to the form that creates one. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const [first] = await loaderResult(request, context.caller.organizationList())
  return redirect(first ? `/o/${first.slug}` : '/organizations/new')
}
