import { Form } from '@remix-run/react'
import { useAsOf } from '../../lib/as-of.ts'
import { useNow } from '../../lib/clock.ts'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatCount } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { ChangedItemList } from '../evidence/changed-item-list.tsx'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FormError } from '../ui/form-error.tsx'
import { Status } from '../ui/status.tsx'
import type { ChangesData } from './answers.ts'
import { NoteField } from './note-field.tsx'

type Change = ChangesData['changes'][number]

/** Changes of the policies in 30 days, item by item, each to be acknowledged in its time. */
export function ChangesCard({ shown, isReviewer, refusal }: ChangesCardProps) {
  const { changes, count } = shown
  return (
    <Card
      id="reviews"
      title="Changes of the policies in 30 days"
      action={<span className="text-ink-2 tabular-nums">{formatCount(count, 'change')}</span>}
      isFlush
      footer={changes.length < count ? `The ${changes.length} most urgent are shown.` : undefined}
    >
      {changes.length === 0 ? (
        <EmptyState title="Nothing changed">
          The policies are as they were 30 days ago, or as they were when the directory was connected.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {changes.map(change => (
            <li key={change.evidenceId} className="grid gap-3 px-4 py-4">
              <ChangeHead change={change} />
              <ChangeParts change={change} />
              {isReviewer && change.acknowledged === null ? (
                <Acknowledge change={change} refusal={refusal} />
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

type ChangesCardProps = { shown: ChangesData; isReviewer: boolean; refusal: FormRefusal | undefined }

function ChangeHead({ change: { evidenceId, at, deadline, acknowledged } }: { change: Change }) {
  const base = useBase()
  return (
    <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-s">
      <AsOfLink to={`${base}/evidence/${evidenceId}`} className="link font-medium">
        Seen <Time value={at} />
      </AsOfLink>
      <Standing doneAt={acknowledged?.doneAt ?? null} deadline={deadline} done="Acknowledged" />
      {acknowledged ? (
        <span className="min-w-0 break-words text-ink-2">
          by {acknowledged.byName}, <Time value={acknowledged.at} />
          {acknowledged.note === null ? '' : `: “${acknowledged.note}”`}
        </span>
      ) : (
        <span className="text-ink-2">
          to be acknowledged by <Time value={deadline} />
        </span>
      )}
    </div>
  )
}

/** Whether something was seen to in its time: in shape and word. */
export function Standing({ doneAt, deadline, done }: { doneAt: Date | null; deadline: Date; done: string }) {
  const asOf = useAsOf()
  const now = useNow(60_000)
  if (doneAt !== null) {
    return doneAt <= deadline ? (
      <Status value="pass" word={done} />
    ) : (
      <Status value="fail" word={`${done} late`} />
    )
  }
  const isOver = asOf === null && now !== null && deadline <= now
  return isOver ? <Status value="fail" word="Overdue" /> : <Status value="submitted" word="Waits" />
}

function ChangeParts({ change: { items } }: { change: Change }) {
  const parts = [
    { key: 'added', title: 'Added', items: items.joined },
    { key: 'changed', title: 'Changed', items: items.changed },
    { key: 'removed', title: 'Removed', items: items.left },
  ].filter(part => part.items.length > 0)
  return (
    <div className="grid gap-2 text-s">
      {parts.map(part => (
        <section key={part.key} aria-label={part.title}>
          <h3 className="text-xs font-medium text-ink-2">{part.title}</h3>
          <ChangedItemList items={part.items} />
        </section>
      ))}
    </div>
  )
}

function Acknowledge({
  change: { evidenceId },
  refusal,
}: {
  change: Change
  refusal: FormRefusal | undefined
}) {
  const isIt = refusal?.intent === 'acknowledge' && refusal.values.evidenceId === evidenceId
  const shown = isIt ? refusal : undefined
  return (
    <Form method="post" className="grid max-w-xl gap-3">
      <FormError message={shown && (shown.message ?? 'Please look at this again')} />
      <input type="hidden" name="evidenceId" value={evidenceId} />
      <NoteField id={`acknowledge-${evidenceId}`} refusal={shown} label="Note" />
      <div>
        <SubmitButton intent="acknowledge">Acknowledge this change</SubmitButton>
      </div>
    </Form>
  )
}
