import { Link, useLocation } from '@remix-run/react'
import type { ReactNode } from 'react'
import { buttonClassName } from '../ui/button.tsx'
import { Code } from '../ui/code.tsx'
import { Logo } from '../ui/logo.tsx'

/** A whole page for what went wrong where no shell can stand around it. */
export function ErrorPage(props: ErrorNoticeProps) {
  return (
    <div className="grid min-h-screen content-center justify-items-center px-4 py-10">
      <main id="main" className="grid w-full max-w-lg gap-5">
        <Link to="/" className="justify-self-start rounded-s">
          <Logo />
        </Link>
        <ErrorNotice {...props} />
      </main>
    </div>
  )
}

/** What happened, what it means for evidence, what to do: for everything that can go wrong. */
export function ErrorNotice({ status, message, requestId, action }: ErrorNoticeProps) {
  const { pathname, search } = useLocation()
  const isBadMoment = status === 400 && new URLSearchParams(search).has('asOf')
  const words = isBadMoment ? BAD_MOMENT : (WORDS[status] ?? (status >= 500 ? UNEXPECTED : REFUSED))
  return (
    <div className="grid max-w-lg gap-3 rounded-m border border-line bg-surface p-6">
      <p className="text-xs font-semibold text-ink-3 tabular-nums">Error {status}</p>
      <h1 className="text-xl font-[640] tracking-tight">{words.title}</h1>
      <p className="text-m text-ink-2">{message || words.happened}</p>
      <p className="text-m text-ink-2">{words.meaning}</p>
      <div className="flex flex-wrap gap-2 pt-1">
        {isBadMoment ? (
          <Link to={pathname} reloadDocument className={buttonClassName({ variant: 'primary' })}>
            Back to now
          </Link>
        ) : (
          <>
            {action ?? (
              <Link to="/" className={buttonClassName({ variant: 'primary' })}>
                Go to the start
              </Link>
            )}
            <Link to={pathname + search} reloadDocument className={buttonClassName()}>
              Try again
            </Link>
          </>
        )}
      </div>
      {requestId ? (
        <p className="border-t border-line pt-3 text-xs text-ink-3">
          Request <Code value={requestId} copyLabel="Copy request id" /> names this moment in the logs.
        </p>
      ) : null}
    </div>
  )
}

export type ErrorNoticeProps = {
  status: number
  /** What happened in words for people; absent: the usual words for the status. */
  message?: string | undefined
  requestId?: string | undefined
  /** In place of the way to the start page. */
  action?: ReactNode
}

const UNTOUCHED = 'Evidence is not touched by this: collection goes on in the background.'

const UNEXPECTED = {
  title: 'Something broke on our side',
  happened: 'The page could not be made.',
  meaning: `${UNTOUCHED} Try again; if it stays, give the request id below to your operator.`,
}

const REFUSED = {
  title: 'This request was refused',
  happened: 'The server did not accept what was asked.',
  meaning: 'Nothing was changed. Go back and try again.',
}

const BAD_MOMENT = {
  title: 'This moment cannot be shown',
  happened: 'The address asks for a moment that is none.',
  meaning: 'Nothing was changed. Go back to now, or choose another moment there with “Look back”.',
}

const WORDS: Record<number, typeof UNEXPECTED> = {
  401: {
    title: 'Please sign in',
    happened: 'Your session has ended or never began.',
    meaning: 'Nothing was changed. Sign in and come back to this address.',
  },
  403: {
    title: 'Your role does not reach this',
    happened: 'You are a member here, but this page or step needs another role.',
    meaning: 'Nothing was changed. Ask an admin of the organization if you need it for your work.',
  },
  404: {
    title: 'Nothing here',
    happened: 'This address leads to nothing, or to something that you cannot see.',
    meaning:
      'Evidence is never deleted by hand: if a link used to work, check which organization it was for.',
  },
  409: {
    title: 'Someone was faster',
    happened: 'This changed while you were looking at it.',
    meaning: 'Your change was not made. Load the page again and decide on what it says now.',
  },
  429: {
    title: 'Too many requests',
    happened: 'This was asked too often in a short time.',
    meaning: `${UNTOUCHED} Wait a minute and try again.`,
  },
  503: {
    title: 'Back in a moment',
    happened: 'A part that this page needs is not answering.',
    meaning: `${UNTOUCHED} Hours that could not be collected are marked as gaps, never filled in.`,
  },
}
