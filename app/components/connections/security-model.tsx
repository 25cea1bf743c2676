import type { ReactNode } from 'react'
import { Disclosure } from '../ui/disclosure.tsx'
import type { ConnectorCard } from './answers.ts'

/** What a careful admin wants to know before handing over a credential, the limits included. */
export function SecurityModel({
  card,
}: {
  card: Pick<
    ConnectorCard,
    'roles' | 'account' | 'afterRevoking' | 'reads' | 'scopes' | 'canOnlyRead' | 'cannotSee' | 'console'
  >
}) {
  return (
    <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
      <Point title="It can only read">
        {card.scopes.length} permissions, all of them read-only, and {card.reads.length} requests, all of them
        listed above. Our transport refuses every other method and path. {card.canOnlyRead}
      </Point>
      <Point title="Least power">
        {card.roles} {card.account}
      </Point>
      <Point title="How the credential is kept">
        Client secret and tokens are encrypted for your organization alone, with a key that a key management
        service wraps. They are opened in memory for the moment of use, and never enter a log, a job, an event
        or a page.
      </Point>
      <Point title="What revoking does">
        Destroys both at once; evidence already collected stays. Backups of the database hold them, encrypted,
        until the backups run out. <AfterRevoking card={card} />
      </Point>
      <Point title="What is stored">
        Names, sign-in names, policies and risk events, as evidence that cannot be changed. It is kept for the
        retention period and belongs to your organization only; the database itself keeps tenants apart.
      </Point>
      <Point title="What it cannot see">{card.cannotSee}</Point>
    </div>
  )
}

function Point({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="space-y-1">
      <h3 className="text-s font-semibold text-ink">{title}</h3>
      <div className="text-s text-ink-2">{children}</div>
    </section>
  )
}

const AfterRevoking = ({ card }: { card: Pick<ConnectorCard, 'afterRevoking' | 'console'> }) => (
  <Disclosure summary={`Removing the grant in ${card.console}`}>
    <p>{card.afterRevoking}</p>
  </Disclosure>
)
