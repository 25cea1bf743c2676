import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { ExportPage } from '../components/exports/export-page.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Export · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  return loaderResult(
    request,
    context.caller.exports.get({ ...organizationScope(request, params), exportId: params.export ?? '' }),
  )
}

export default function ExportRoute() {
  return <ExportPage data={useLoaderData<typeof loader>()} />
}
