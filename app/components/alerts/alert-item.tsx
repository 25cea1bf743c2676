import { Form } from '@remix-run/react'
import { useBase, useIsAllowed } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { Status } from '../ui/status.tsx'
import type { ListedAlert } from './answers.ts'

/** One alert: what it is, since when, what it means, what to do, who has seen it and who was told. */
export function AlertItem({ alert, canAcknowledge }: { alert: ListedAlert; canAcknowledge: boolean }) {
  const base = useBase()
  const canReadLedger = useIsAllowed('ledger:read')
  const { isOpen, title, meaning, step, since, ended, acknowledged, reminders, remindedAt } = alert
  return (
    <li id={alert.id} className="grid gap-1.5 py-3.5 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h3 className="min-w-0 text-m font-semibold break-words">{title}</h3>
        <Status value={isOpen ? (acknowledged ? 'acknowledged' : 'open') : 'resolved'} isSoft />
      </div>
      <p className="max-w-prose text-s text-ink-2">
        Since <Time value={since} />. {ended === null ? meaning : null}
        {ended === null ? null : (
          <>
            {ended.words} <Time value={ended.at} />.
          </>
        )}
      </p>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-s">
        {isOpen ? (
          <AsOfLink to={`${base}/${step.to}`} className="link">
            {step.label}
          </AsOfLink>
        ) : null}
        {canReadLedger ? (
          <AsOfLink to={`${base}/audit/${alert.causedAt}`} className="link">
            What caused it
          </AsOfLink>
        ) : null}
      </p>
      <p className="text-xs text-ink-2">
        {acknowledged === null ? (
          isOpen && 'Nobody has said that they have seen it.'
        ) : (
          <>
            Seen by {acknowledged.by}, <Time value={acknowledged.at} />.
          </>
        )}{' '}
        {remindedAt === null ? null : (
          <>
            Reminded {reminders === 1 ? 'once' : `${reminders} times`}, the last time{' '}
            <Time value={remindedAt} />.
          </>
        )}
      </p>
      <Deliveries deliveries={alert.deliveries} />
      {canAcknowledge && acknowledged === null ? (
        <Form method="post">
          <input type="hidden" name="alertId" value={alert.id} />
          <SubmitButton intent="acknowledge" variant="secondary" size="s">
            I have seen it<span className="sr-only">: {title}</span>
          </SubmitButton>
        </Form>
      ) : null}
    </li>
  )
}

function Deliveries({ deliveries }: Pick<ListedAlert, 'deliveries'>) {
  if (deliveries.length === 0) return null
  const failed = deliveries.filter(({ isDelivered }) => !isDelivered).length
  return (
    <Disclosure
      summary={`${deliveries.length} ${deliveries.length === 1 ? 'message' : 'messages'}${failed > 0 ? `, ${failed} not delivered` : ''}`}
    >
      <ol className="grid gap-1.5">
        {deliveries.map(({ at, receiver, isDelivered, explanation }) => (
          <li key={`${at.toISOString()} ${receiver}`} className="text-xs text-ink-2">
            <Time value={at} /> · {receiver} · {isDelivered ? 'delivered' : `not delivered: ${explanation}`}
          </li>
        ))}
      </ol>
    </Disclosure>
  )
}
