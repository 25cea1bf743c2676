import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { ControlTable } from '../components/controls/control-table.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Controls · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  return loaderResult(request, context.caller.controls.list(organizationScope(request, params)))
}

export default function ControlsRoute() {
  return <ControlTable list={useLoaderData<typeof loader>()} />
}
