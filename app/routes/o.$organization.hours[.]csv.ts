import type { LoaderFunctionArgs } from '@remix-run/node'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

/** Every hour of each evidence kind as a file: saved, never shown. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const scope = organizationScope(request, params)
  const { filename, body } = await loaderResult(request, context.caller.coverage.hoursCsv(scope))
  return new Response(body, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${filename}"`,
    },
  })
}
