import { Readable } from 'node:stream'
import { createReadableStreamFromReadable, type LoaderFunctionArgs } from '@remix-run/node'
import { organizationScope } from '../lib/organization.ts'
import { populationQuery } from '../lib/population-query.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

/** A whole population as a file: saved, never shown, and sent while it is read. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { filename, pieces } = await loaderResult(
    request,
    context.caller.evidence.populationCsv({
      ...organizationScope(request, params),
      ...populationQuery(request, params.kind),
    }),
  )
  return new Response(createReadableStreamFromReadable(Readable.from(pieces)), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${filename}"`,
    },
  })
}
