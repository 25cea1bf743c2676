import { useAsOf } from '../../lib/as-of.ts'
import type { FormRefusal } from '../../lib/form-action.ts'
import { useBase } from '../../lib/organization.ts'
import { TimeControl } from '../time/look-back.tsx'
import { Badge } from '../ui/badge.tsx'
import { Breadcrumbs } from '../ui/breadcrumbs.tsx'
import { Callout } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import type { ConnectorCard } from './answers.ts'
import { ConnectForm } from './connect-form.tsx'
import { ConnectSteps } from './connect-steps.tsx'
import { ReadsList } from './reads-list.tsx'
import { SecurityModel } from './security-model.tsx'

/** A connector's card: the steps and the form side by side, then what it reads and what it can and cannot do. */
export function ConnectorPage({ card, refusal }: { card: ConnectorCard; refusal: FormRefusal | undefined }) {
  const base = useBase()
  const integrations = `${base}/settings/integrations`
  return (
    <>
      <PageHeader
        breadcrumbs={
          <Breadcrumbs items={[{ label: 'Integrations', to: integrations }, { label: card.name }]} />
        }
        title={card.name}
        mark={<Badge tone="accent">{card.category}</Badge>}
        description={card.summary}
        right={<TimeControl />}
      />
      <p className="text-s text-ink-2">
        {card.authorizationMethod} · synced {card.cadence} · stale after {card.staleAfterHours} hours without
        a success
      </p>
      <div className="grid gap-4 lg:grid-cols-2">
        <Card title={card.stepsTitle}>
          <ConnectSteps steps={card.steps} />
        </Card>
        <Card title="Connect" id="connect" footer={<Contact card={card} />}>
          <ConnectArea card={card} action={`${integrations}/${card.id}`} refusal={refusal} />
        </Card>
      </div>
      <Card title="What it reads, and why" isFlush>
        <div className="border-t border-line">
          <ReadsList organizationBase={base} reads={card.reads} />
        </div>
      </Card>
      <Card title="Security model">
        <SecurityModel card={card} />
      </Card>
    </>
  )
}

function ConnectArea({ card, action, refusal }: ConnectAreaProps) {
  const isPast = useAsOf() !== null
  if (isPast) {
    return (
      <Callout tone="past" title="Looking back">
        Nothing can be connected in the past. Go back to now to connect a directory.
      </Callout>
    )
  }
  if (!card.canConnect) {
    return (
      <Callout title="An owner or admin connects">
        Your role can see connections but not make them. Send this page to an owner or admin of the
        organization.
      </Callout>
    )
  }
  return <ConnectForm action={action} card={card} refusal={refusal} />
}

type ConnectAreaProps = { card: ConnectorCard; action: string; refusal: FormRefusal | undefined }

function Contact({ card }: { card: ConnectorCard }) {
  return (
    <>
      Stuck, or your security team has questions?{' '}
      <a
        href={`mailto:${card.contact}?subject=${encodeURIComponent(`Connecting ${card.name}`)}`}
        className="link"
      >
        Write to us
      </a>
      .
    </>
  )
}
