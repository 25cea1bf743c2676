import type { LoaderFunctionArgs } from '@remix-run/node'
import { loaderResult } from '../lib/procedure-errors.ts'

/** A signed checkpoint as a file (C2SP tlog-checkpoint): saved, never shown. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { organization = '', size = '' } = params
  const { filename, note } = await loaderResult(
    request,
    context.caller.ledger.checkpoint({ organization, size }),
  )
  return new Response(note, {
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Disposition': `attachment; filename="${filename}"`,
    },
  })
}
