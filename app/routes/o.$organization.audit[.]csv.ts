import type { LoaderFunctionArgs } from '@remix-run/node'
import { eventQuery } from '../lib/event-query.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'
import { savedCsv } from '../lib/saved-file.ts'

/** The audit trail as a file: saved, never shown. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const scope = organizationScope(request, params)
  const { before: _, ...asked } = eventQuery(request)
  return savedCsv(await loaderResult(request, context.caller.ledger.eventsCsv({ ...scope, ...asked })))
}
