import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { SamplePage } from '../components/assessments/sample-page.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Sample · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { assessment: assessmentId = '', sample: sampleId = '' } = params
  const scope = { ...organizationScope(request, params), assessmentId, sampleId }
  return loaderResult(request, context.caller.assessments.sample(scope))
}

export default function SampleRoute() {
  return <SamplePage data={useLoaderData<typeof loader>()} />
}
