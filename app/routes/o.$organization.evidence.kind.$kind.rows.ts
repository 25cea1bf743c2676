import type { LoaderFunctionArgs } from '@remix-run/node'
import { organizationScope } from '../lib/organization.ts'
import { populationQuery } from '../lib/population-query.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

/** One page of a population alone, for a list that goes on while one scrolls. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const cursor = new URL(request.url).searchParams.get('cursor')
  return loaderResult(
    request,
    context.caller.evidence.population({
      ...organizationScope(request, params),
      ...populationQuery(request, params.kind),
      ...(cursor ? { cursor } : {}),
    }),
  )
}
