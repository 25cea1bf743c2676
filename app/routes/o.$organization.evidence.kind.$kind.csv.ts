import type { LoaderFunctionArgs } from '@remix-run/node'
import { organizationScope } from '../lib/organization.ts'
import { populationQuery } from '../lib/population-query.ts'
import { loaderResult } from '../lib/procedure-errors.ts'
import { savedCsv } from '../lib/saved-file.ts'

/** A whole population as a file: saved, never shown, and sent while it is read. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const file = await loaderResult(
    request,
    context.caller.evidence.populationCsv({
      ...organizationScope(request, params),
      ...populationQuery(request, params.kind),
    }),
  )
  return savedCsv(file)
}
