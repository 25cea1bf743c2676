import type { LoaderFunctionArgs } from '@remix-run/node'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'
import { savedCsv } from '../lib/saved-file.ts'

/** The alerts as a file: saved, never shown. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const scope = organizationScope(request, params)
  return savedCsv(await loaderResult(request, context.caller.alerts.csv(scope)))
}
