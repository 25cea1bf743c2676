import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { EvidenceOverview } from '../components/evidence/evidence-overview.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Evidence · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  return loaderResult(request, context.caller.evidence.list(organizationScope(request, params)))
}

export default function EvidenceRoute() {
  return <EvidenceOverview sources={useLoaderData<typeof loader>().sources} />
}
