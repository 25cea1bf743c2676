import { type LoaderFunctionArgs, redirect } from '@remix-run/node'

/** Webhooks stand with everything else that alerts go to; the address of old stays good. */
export const loader = ({ params }: LoaderFunctionArgs) =>
  redirect(`/o/${encodeURIComponent(params.organization ?? '')}/settings/alerts#add`, 301)
