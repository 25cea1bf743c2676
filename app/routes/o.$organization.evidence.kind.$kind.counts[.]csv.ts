import type { LoaderFunctionArgs } from '@remix-run/node'
import { countsCsv } from '../lib/counts-csv.ts'
import { organizationScope } from '../lib/organization.ts'
import { populationQuery } from '../lib/population-query.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

/** The numbers of a kind's picture as a file: saved, never shown. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const scope = organizationScope(request, params)
  const { kind, source } = populationQuery(request, params.kind)
  const data = await loaderResult(request, context.caller.evidence.kind({ ...scope, kind, source }))
  const filename = `${data.state.kind}-counts-${data.asOf.instant.toISOString().slice(0, 10)}.csv`
  return new Response(countsCsv(data, scope.organization), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${filename}"`,
    },
  })
}
