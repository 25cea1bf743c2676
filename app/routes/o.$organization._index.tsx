import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { Overview } from '../components/overview/overview.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { explainAction } from '../lib/explain-action.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Overview · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const scope = organizationScope(request, params)
  const { coverage, connectors } = context.caller
  const [overview, catalogue] = await loaderResult(
    request,
    Promise.all([coverage.overview(scope), connectors.list({ organization: scope.organization })]),
  )
  return { overview, catalogue }
}

export const action = explainAction

export default function OverviewRoute() {
  const { overview, catalogue } = useLoaderData<typeof loader>()
  const explained = useActionData<typeof action>()
  return <Overview overview={overview} connectors={catalogue} explained={explained} />
}
