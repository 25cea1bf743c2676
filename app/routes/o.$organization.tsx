import { type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { Outlet, useLoaderData, useRouteLoaderData } from '@remix-run/react'
import { OrganizationShell } from '../components/layout/organization-shell.tsx'
import { RouteErrorNotice, RouteErrorPage } from '../components/layout/route-error.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `${data.shell.name} · ${PRODUCT_NAME}` : PRODUCT_NAME },
]

/** Who one is here and which moment is shown. An address that names a moment loosely is made to name it exactly. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const scope = organizationScope(request, params)
  const shell = await loaderResult(request, context.caller.organizations.shell(scope))
  const url = new URL(request.url)
  const { text } = shell.asOf
  if (text !== (url.searchParams.get('asOf') || null)) {
    if (text === null) url.searchParams.delete('asOf')
    else url.searchParams.set('asOf', text)
    throw redirect(`${url.pathname}${url.search}`)
  }
  const { organization } = scope
  const stops =
    text === null
      ? null
      : await loaderResult(request, context.caller.ledger.stops({ organization, around: text }))
  return { shell, stops }
}

export default function Organization() {
  return (
    <OrganizationShell {...useLoaderData<typeof loader>()}>
      <Outlet />
    </OrganizationShell>
  )
}

/** What a page below could not do is told inside the shell; where there is none, on a page of its own. */
export function ErrorBoundary() {
  const data = useRouteLoaderData<typeof loader>('routes/o.$organization')
  if (!data) return <RouteErrorPage />
  return (
    <OrganizationShell {...data}>
      <RouteErrorNotice />
    </OrganizationShell>
  )
}
