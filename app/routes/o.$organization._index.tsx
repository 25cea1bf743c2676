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
  const { organization } = scope
  const read = coverage.overview(scope).then(async overview => ({
    overview,
    // For the first steps alone: a page of an organization that is connected asks for one thing.
    catalogue: overview.sources.length === 0 ? await connectors.list({ organization }) : [],
  }))
  return loaderResult(request, read)
}

export const action = explainAction

export default function OverviewRoute() {
  const { overview, catalogue } = useLoaderData<typeof loader>()
  const explained = useActionData<typeof action>()
  return <Overview overview={overview} connectors={catalogue} explained={explained} />
}
