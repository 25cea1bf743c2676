import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { KindPage } from '../components/evidence/kind-page.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { organizationScope } from '../lib/organization.ts'
import { populationQuery } from '../lib/population-query.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.data.state.title ?? 'Evidence'} · ${PRODUCT_NAME}` },
]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  const { evidence } = context.caller
  const asked = { ...organizationScope(request, params), ...populationQuery(request, params.kind) }
  const { kind, source, organization, asOf } = asked
  const before = searchParams.get('before')
  const cursor = searchParams.get('cursor')
  const [data, population] = await loaderResult(
    request,
    Promise.all([
      evidence.kind({ organization, asOf, kind, source, ...(before ? { before } : {}) }),
      evidence.population({ ...asked, ...(cursor ? { cursor } : {}) }),
    ]),
  )
  return { data, population, isHistoryPaged: before !== null }
}

export default function KindRoute() {
  return <KindPage {...useLoaderData<typeof loader>()} />
}
