import { useLocation } from '@remix-run/react'
import { type ReactNode, useId } from 'react'
import { parseAsOf } from '../../lib/as-of.ts'
import { useRootData } from '../../lib/root-data.ts'
import { InstantForm } from '../time/instant-form.tsx'
import { buttonClassName } from '../ui/button.tsx'
import { Code } from '../ui/code.tsx'
import { Logo } from '../ui/logo.tsx'
import { PageLink } from '../ui/page-link.tsx'

/** A whole page for what went wrong where no shell can stand around it. */
export function ErrorPage(props: ErrorNoticeProps) {
  return (
    <div className="grid min-h-screen content-center justify-items-center px-4 py-10">
      <main id="main" className="grid w-full max-w-lg gap-5">
        <PageLink to="/" className="justify-self-start rounded-s">
          <Logo />
        </PageLink>
        <ErrorNotice {...props} />
      </main>
    </div>
  )
}

/** What happened, what it means for evidence, what to do: for everything that can go wrong. */
export function ErrorNotice({ status, message, requestId, action, isMoment = false }: ErrorNoticeProps) {
  const { pathname, search } = useLocation()
  const asked = new URLSearchParams(search).get('asOf')
  const isBadMoment = isMoment || (status === 400 && asked !== null)
  const isPast = isBadMoment || (status === 404 && asked !== null)
  const words = isBadMoment
    ? BAD_MOMENT
    : isPast
      ? NOT_YET
      : (WORDS[status] ?? (status >= 500 ? UNEXPECTED : REFUSED))
  return (
    <div className="grid max-w-lg gap-3 rounded-m border border-line bg-surface p-6">
      <p className="text-xs font-semibold text-ink-3 tabular-nums">Error {status}</p>
      <h1 className="text-xl font-title tracking-tight">{words.title}</h1>
      <p className="text-m text-ink-2">{message || words.happened}</p>
      <p className="text-m text-ink-2">{words.meaning}</p>
      {isBadMoment ? <OtherMoment asked={asked} /> : null}
      <div className="flex flex-wrap gap-2 pt-1">
        {isPast ? (
          <a href={pathname} className={buttonClassName({ variant: 'primary' })}>
            Back to now
          </a>
        ) : (
          <>
            {action ?? (
              <PageLink to="/" className={buttonClassName({ variant: 'primary' })}>
                Go to the start
              </PageLink>
            )}
            <a href={pathname + search} className={buttonClassName()}>
              Try again
            </a>
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

/** Asks again for a moment, with the position that was typed. */
function OtherMoment({ asked }: { asked: string | null }) {
  const id = useId()
  const now = useRootData()?.now
  const asOf = parseAsOf(asked)
  if (!now) return null
  const position = asOf?.instant === null && asOf.position !== null ? { position: asOf.position } : {}
  const instant = asOf?.instant ?? new Date(now.getTime() - 86_400_000)
  return <InstantForm id={id} instant={instant} {...position} latest={now} variant="past" />
}

export type ErrorNoticeProps = {
  status: number
  /** What happened in words for people; absent: the usual words for the status. */
  message?: string | undefined
  requestId?: string | undefined
  /** Whether it is the moment looked back to that cannot be shown. */
  isMoment?: boolean
  /** In place of the way to the start page. */
  action?: ReactNode
}

const UNTOUCHED = 'Evidence is not touched by this: collection goes on in the background.'

const UNEXPECTED = {
  title: 'Something broke on our side',
  happened: 'The page could not be made.',
  meaning: `${UNTOUCHED} Try again; if it stays, tell your operator, with the request id where one is shown.`,
}

const REFUSED = {
  title: 'This request was refused',
  happened: 'The server did not accept what was asked.',
  meaning: 'Nothing was changed. Go back and try again.',
}

const BAD_MOMENT = {
  title: 'This moment cannot be shown',
  happened: 'The address asks for a moment that is none.',
  meaning: 'Nothing was changed. Choose another moment, or go back to now.',
}

const NOT_YET = {
  title: 'Nothing here at this moment',
  happened: 'This address leads to nothing, or to something that you cannot see.',
  meaning: 'You are looking back: it may not have been there yet. Step to a later change, or go back to now.',
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
