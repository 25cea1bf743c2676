import { data, type LoaderFunctionArgs } from '@remix-run/node'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

/** An event's proof as a file (C2SP tlog-proof): saved, never shown. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const scope = organizationScope(request, params)
  const { position, proof } = await loaderResult(
    request,
    context.caller.ledger.inclusion({ ...scope, position: params.position ?? '' }),
  )
  if (!proof?.text) throw data({ message: NOT_COVERED }, { status: 404 })
  return new Response(proof.text, {
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Disposition': `attachment; filename="${scope.organization}-${position}.tlog-proof"`,
    },
  })
}

const NOT_COVERED =
  'No checkpoint covers this event yet. One is signed within about a minute; the proof is there then.'
