import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { AccountTable } from '../components/accounts/account-table.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { organizationScope } from '../lib/organization.ts'
import { populationQuery } from '../lib/population-query.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Accounts · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  const { kind: _, ...asked } = populationQuery(request, undefined)
  const cursor = searchParams.get('cursor')
  // What is no filter is taken for none by the procedure.
  const filter = (searchParams.get('filter') ?? 'all') as 'all'
  return loaderResult(
    request,
    context.caller.accounts.list({
      ...organizationScope(request, params),
      ...asked,
      filter,
      ...(cursor ? { cursor } : {}),
    }),
  )
}

export default function AccountsRoute() {
  return <AccountTable list={useLoaderData<typeof loader>()} />
}
