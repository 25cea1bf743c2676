import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import Plug from 'lucide-react/icons/plug'
import { ConnectionRows } from '../components/connections/connection-rows.tsx'
import { ConnectorTile } from '../components/connections/connector-tile.tsx'
import { TimeControl } from '../components/time/look-back.tsx'
import { Card } from '../components/ui/card.tsx'
import { EmptyState } from '../components/ui/empty-state.tsx'
import { PageHeader } from '../components/ui/page-header.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { organizationScope, useBase } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Integrations · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const scope = organizationScope(request, params)
  const { organization } = scope
  const { connections, connectors } = context.caller
  const [list, catalogue] = await loaderResult(
    request,
    Promise.all([connections.list(scope), connectors.list({ organization })]),
  )
  return { ...list, catalogue }
}

export default function Integrations() {
  const { connections, catalogue, canConnect, asOf } = useLoaderData<typeof loader>()
  const base = `${useBase()}/settings/integrations`
  return (
    <>
      <PageHeader
        title="Integrations"
        description="Where evidence comes from. Every connection is read-only and can be revoked at any time."
        right={<TimeControl />}
      />
      <Card title="Connections" isFlush>
        {connections.length > 0 ? (
          <div className="border-t border-line">
            <ConnectionRows base={base} connections={connections} />
          </div>
        ) : (
          <div className="border-t border-line">
            <EmptyState
              icon={<Plug aria-hidden />}
              title={asOf.isNow ? 'Nothing is connected yet' : 'Nothing was connected at this instant'}
            >
              {asOf.isNow
                ? canConnect
                  ? 'Pick a connector below: it takes about five minutes, and the first evidence is here a minute later.'
                  : 'An owner or admin of the organization connects the directory; evidence follows within minutes.'
                : 'Without a source every control has no data.'}
            </EmptyState>
          </div>
        )}
      </Card>
      <section aria-labelledby="catalogue" className="grid gap-3 pt-2">
        <h2 id="catalogue" className="text-s font-semibold text-ink-2">
          Catalogue
        </h2>
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          {catalogue.map(connector => (
            <ConnectorTile key={connector.id} base={base} connector={connector} canConnect={canConnect} />
          ))}
        </div>
      </section>
    </>
  )
}
