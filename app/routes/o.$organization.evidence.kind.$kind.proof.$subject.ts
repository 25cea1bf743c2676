import type { LoaderFunctionArgs } from '@remix-run/node'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

/** The proof that somebody or something was in a population, as a file: saved, never shown. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { kind = '', subject = '' } = params
  const source = new URL(request.url).searchParams.get('source')
  const proof = await loaderResult(
    request,
    context.caller.evidence.itemProof({
      ...organizationScope(request, params),
      kind,
      subject,
      ...(source ? { source } : {}),
    }),
  )
  return new Response(`${JSON.stringify(proof, null, 2)}\n`, {
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': `attachment; filename="${proof.evidence.kind.replaceAll('_', '-')}-${proof.subject.key}.json"`,
    },
  })
}
