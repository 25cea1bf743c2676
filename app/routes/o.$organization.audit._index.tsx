import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { AuditPage } from '../components/audit/audit-page.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { eventQuery } from '../lib/event-query.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Audit trail · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const scope = organizationScope(request, params)
  const { ledger } = context.caller
  const asked = eventQuery(request)
  const [list, head, { stops }] = await loaderResult(
    request,
    Promise.all([
      ledger.events({ ...scope, ...asked }),
      ledger.head(scope),
      ledger.stops({ organization: scope.organization }),
    ]),
  )
  return { list, head, stops, isPaged: asked.before !== undefined }
}

export default function AuditRoute() {
  return <AuditPage {...useLoaderData<typeof loader>()} />
}
