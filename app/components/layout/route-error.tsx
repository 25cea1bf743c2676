import { isRouteErrorResponse, useRouteError } from '@remix-run/react'
import type { ReactNode } from 'react'
import { useRootData } from '../../lib/root-data.ts'
import { ErrorNotice, type ErrorNoticeProps, ErrorPage } from './error-page.tsx'

/** The error boundary of the root: a page of its own. */
export function RouteErrorPage() {
  return <ErrorPage {...useErrorNotice()} />
}

/** The error boundary of a section: it stands inside the shell, so that the way out stays in sight. */
export function RouteErrorNotice({ action }: { action?: ReactNode }) {
  return <ErrorNotice {...useErrorNotice()} action={action} />
}

function useErrorNotice(): ErrorNoticeProps {
  const error = useRouteError()
  const requestId = useRootData()?.requestId
  if (!isRouteErrorResponse(error)) return { status: isUnanswered(error) ? 503 : 500, requestId }
  return { status: error.status, message: messageOf(error.data), isMoment: isOfMoment(error.data), requestId }
}

/**
 * Whether the data of a page that was gone to did not come: nobody answered, or something in front of the pages did, in
 * words that are no data. Browsers and the router tell it by the message alone.
 */
const isUnanswered = (error: unknown): boolean =>
  error instanceof Error && /turbo-stream|fetch|load failed/i.test(error.message)

/** Whether the words are about the moment in the address. */
const isOfMoment = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'isMoment' in data && data.isMoment === true

/** Routes throw `data({ message }, { status })` with words for people; anything else is not for their eyes. */
function messageOf(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('message' in data)) return undefined
  return typeof data.message === 'string' ? data.message : undefined
}
