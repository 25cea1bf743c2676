import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { AuditPage } from '../components/audit/audit-page.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Audit trail · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  const scope = organizationScope(request, params)
  const { ledger } = context.caller
  const before = searchParams.get('before')
  const filters = Object.fromEntries([...searchParams].filter(([name]) => FILTERS.includes(name)))
  const [list, head, { stops }] = await loaderResult(
    request,
    Promise.all([
      ledger.events({ ...scope, ...filters, ...(before ? { before } : {}) }),
      ledger.head(scope),
      ledger.stops({ organization: scope.organization }),
    ]),
  )
  return { list, head, stops, isPaged: before !== null }
}

const FILTERS = ['streamType', 'streamId', 'type', 'actor', 'from', 'to']

export default function AuditRoute() {
  return <AuditPage {...useLoaderData<typeof loader>()} />
}
