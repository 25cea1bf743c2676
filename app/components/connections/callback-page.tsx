import { Form } from '@remix-run/react'
import { AuthShell } from '../layout/auth-shell.tsx'
import { buttonClassName, SubmitButton } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { PageLink } from '../ui/page-link.tsx'
import type { ConnectorCard, Refused } from './answers.ts'
import { ConnectForm } from './connect-form.tsx'

/** What the sign-in at the source came to, where it did not connect: what happened, what to do, and the way on. */
export function CallbackPage({ outcome, card }: CallbackPageProps) {
  switch (outcome.outcome) {
    case 'refused':
      return card ? <RefusedPage refused={outcome} card={card} /> : null
    case 'signed_out':
      return (
        <AuthShell title="You were signed out meanwhile" isWide>
          <p className="text-s text-ink-2">
            Your session here ended while you were at the other sign-in page, so its answer could not be
            taken. Nothing was stored and nothing was changed. Sign in and start the connection again.
          </p>
          <div>
            <PageLink to="/login" className={buttonClassName({ variant: 'primary' })}>
              Sign in
            </PageLink>
          </div>
        </AuthShell>
      )
    default:
      return (
        <AuthShell title="This sign-in cannot be used" isWide>
          <p className="text-s text-ink-2">
            The answer of a sign-in works once, within ten minutes, and only in the browser session that began
            it. This one was used before, came too late, or began elsewhere. Nothing was changed by it.
          </p>
          <ul className="list-disc space-y-1 ps-4 text-s text-ink-2">
            <li>If you loaded this page again: the connection may well be made. Look under Integrations.</li>
            <li>Otherwise start again there, in one tab, and finish within ten minutes.</li>
          </ul>
          <div>
            <PageLink to="/" className={buttonClassName({ variant: 'primary' })}>
              Go to your organization
            </PageLink>
          </div>
        </AuthShell>
      )
  }
}

type CallbackPageProps = {
  outcome: Refused | { outcome: 'unknown_state' } | { outcome: 'signed_out' }
  /** Of the connector that was to be connected; null where nobody was refused. */
  card: ConnectorCard | null
}

function RefusedPage({ refused, card }: { refused: Refused; card: ConnectorCard }) {
  const { organization, connectionId, title, explanation, who, remedy, code, field, purpose } = refused
  const integrations = `/o/${organization}/settings/integrations`
  const connection = `${integrations}/connections/${connectionId}`
  const isConnect = purpose === 'connect'
  return (
    <AuthShell
      title={isConnect ? 'The directory was not connected' : 'The connection was not authorized again'}
      isWide
      footer={
        <PageLink to={isConnect ? `${integrations}/${card.id}` : connection} className="link">
          {isConnect ? 'Back to the steps' : 'Back to the connection'}
        </PageLink>
      }
    >
      <Callout tone="fail" role="alert" title={title}>
        <p>{explanation}</p>
        <p className="text-ink-2">
          Nothing was stored{isConnect ? ', nothing is half connected' : '; the connection is as it was'}.
          {code ? ` ${card.signIn}’s code: ${code}.` : ''}
        </p>
      </Callout>
      <section className="space-y-2">
        <h2 className="text-m font-semibold">What to do</h2>
        <p className="text-s text-ink">{who}</p>
        <ol className="list-decimal space-y-1 ps-5 text-s text-ink-2 marker:font-semibold marker:text-ink-3">
          {remedy.map(step => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </section>
      {isConnect ? (
        <section className="space-y-3 border-t border-line pt-4">
          <h2 className="text-m font-semibold">Try again</h2>
          <ConnectForm
            action={`${integrations}/${card.id}`}
            card={card}
            hasSummary={false}
            refusal={{
              message: null,
              fields: field ? { [field]: `${title}.` } : {},
              values: { ...refused.typed, secretExpiresOn: refused.typed.secretExpiresOn ?? '' },
              intent: null,
            }}
          />
        </section>
      ) : (
        <Form method="post" action={connection} className="border-t border-line pt-4">
          <SubmitButton intent="reauthorize" pendingLabel={`Going to ${card.signIn} …`}>
            Authorize again
          </SubmitButton>
        </Form>
      )}
    </AuthShell>
  )
}
