import type { LoaderFunctionArgs } from '@remix-run/node'
import { organizationScope } from '../lib/organization.ts'
import { populationQuery } from '../lib/population-query.ts'
import { loaderResult } from '../lib/procedure-errors.ts'
import { savedCsv } from '../lib/saved-file.ts'

/** The accounts as a file: saved, never shown. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { kind: _, ...asked } = populationQuery(request, undefined)
  // What is no filter is taken for none by the procedure.
  const filter = (new URL(request.url).searchParams.get('filter') ?? 'all') as 'all'
  const scope = organizationScope(request, params)
  return savedCsv(await loaderResult(request, context.caller.accounts.csv({ ...scope, ...asked, filter })))
}
