import type { LoaderFunctionArgs } from '@remix-run/node'
import { eventQuery } from '../lib/event-query.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

/** One page of events alone, for a list that goes on while one scrolls. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  return loaderResult(
    request,
    context.caller.ledger.events({ ...organizationScope(request, params), ...eventQuery(request) }),
  )
}
