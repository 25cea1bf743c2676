import { type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { CallbackPage } from '../components/connections/callback-page.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { failureOf, loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Connect · ${PRODUCT_NAME}` }]

/** Where a source sends the browser back to. Success leads on to the connection; everything else is told here. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const query = new URL(request.url).searchParams.toString()
  const answer = context.caller.connections.complete({ query: query.slice(0, 8_000) })
  // The sign-in page would bring an answer back that belongs to a session that has ended: start again instead.
  const outcome = await loaderResult(request, answer.catch(signedOut))
  if (outcome.outcome === 'refused') {
    const { organization } = outcome
    const { connectors } = context.caller
    const { connector = '' } = params
    return { outcome, card: await loaderResult(request, connectors.card({ organization, connector })) }
  }
  if ('connectionId' in outcome) {
    const { organization, connectionId, outcome: done } = outcome
    throw redirect(`/o/${organization}/settings/integrations/connections/${connectionId}?done=${done}`)
  }
  return { outcome, card: null }
}

export default function Callback() {
  return <CallbackPage {...useLoaderData<typeof loader>()} />
}

function signedOut(error: unknown) {
  if (failureOf(error)?.code === 'unauthenticated') return { outcome: 'signed_out' as const }
  throw error
}
