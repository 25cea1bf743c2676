import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatCount, formatNumber } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Fingerprint } from '../ui/code.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FormError } from '../ui/form-error.tsx'
import { SignInName } from '../ui/sign-in-name.tsx'
import { Status } from '../ui/status.tsx'
import type { GuestsData } from './answers.ts'
import { NoteField } from './note-field.tsx'

type List = GuestsData['lists'][number]
type Guest = List['guests'][number]

/** Each directory's list of guests, for somebody to go through and confirm. */
export function GuestsCard({ shown, isReviewer, refusal }: GuestsCardProps) {
  return (
    <div id="reviews" className="grid gap-4">
      {shown.lists.map(list => (
        <Card
          key={list.sourceId}
          title="The list of guests"
          action={<span className="text-ink-2 tabular-nums">{formatCount(list.count, 'guest')}</span>}
          isFlush
          footer={<ListFooter list={list} />}
        >
          <div className="grid gap-3 px-4 py-4">
            <LastReview list={list} />
            {isReviewer && list.count > 0 ? (
              <Confirm list={list} position={shown.asOf.position} refusal={refusal} />
            ) : null}
          </div>
          <DataTable
            caption="Enabled accounts that count as guests"
            rows={list.guests}
            rowKey={guest => guest.subjectKey}
            columns={columns}
            empty={<EmptyState title="No guests">There is nobody to review.</EmptyState>}
          />
        </Card>
      ))}
    </div>
  )
}

type GuestsCardProps = { shown: GuestsData; isReviewer: boolean; refusal: FormRefusal | undefined }

function LastReview({ list: { reviewed } }: { list: List }) {
  if (reviewed === null) return <Status value="none" word="Never reviewed here" />
  return (
    <div className="grid gap-1 text-s">
      <p>
        Reviewed last by {reviewed.byName}, <Time value={reviewed.at} />, with{' '}
        {formatCount(reviewed.count ?? 0, 'guest')}. The review counts until <Time value={reviewed.until} />.
        {reviewed.note === null ? '' : ` “${reviewed.note}”`}
      </p>
      <p className="text-ink-2">
        {reviewed.isSame ? 'The list is the same since.' : 'The list is another one since.'}
      </p>
    </div>
  )
}

function Confirm({ list, position, refusal }: ConfirmProps) {
  const isIt = refusal?.intent === 'confirm_guests' && refusal.values.sourceId === list.sourceId
  const shown = isIt ? refusal : undefined
  return (
    <Form method="post" className="grid max-w-xl gap-3">
      <FormError message={shown && (shown.message ?? 'Please look at this again')} />
      <input type="hidden" name="sourceId" value={list.sourceId} />
      <input type="hidden" name="position" value={position} />
      <input type="hidden" name="count" value={list.count} />
      <input type="hidden" name="fingerprint" value={list.fingerprint} />
      <NoteField id={`guests-${list.sourceId}`} refusal={shown} label="Note" />
      <div>
        <SubmitButton intent="confirm_guests">
          I have looked through{' '}
          {list.count === 1 ? 'the one guest' : `these ${formatNumber(list.count)} guests`}
        </SubmitButton>
      </div>
    </Form>
  )
}

type ConfirmProps = { list: List; position: number; refusal: FormRefusal | undefined }

function ListFooter({ list: { guests, count, fingerprint } }: { list: List }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {guests.length < count
        ? `The first ${formatNumber(guests.length)} are shown; the accounts page has all. `
        : null}
      <span className="inline-flex items-center gap-1">
        Fingerprint of the list <Fingerprint value={fingerprint} label="Copy the fingerprint" />
      </span>
    </span>
  )
}

const columns: Column<Guest>[] = [
  { key: 'name', header: 'Guest', isRowHeader: true, cell: guest => <GuestName guest={guest} /> },
  { key: 'login', header: 'Sign-in name', cell: ({ login }) => <SignInName value={login} /> },
  {
    key: 'state',
    header: 'Invitation',
    cell: ({ state }) => STATES[state ?? ''] ?? state ?? <span className="text-ink-3">Not told</span>,
  },
  {
    key: 'created',
    header: 'Since',
    cell: ({ createdAt }) =>
      createdAt === null ? (
        <span className="text-ink-3">Not told</span>
      ) : (
        <Time value={new Date(createdAt)} mode="date" />
      ),
  },
]

const STATES: Record<string, string> = { Accepted: 'Accepted', PendingAcceptance: 'Not accepted yet' }

function GuestName({ guest: { subjectKey, name, login } }: { guest: Guest }) {
  const base = useBase()
  return (
    <AsOfLink to={`${base}/accounts/${subjectKey}`} className="link">
      {name ?? login ?? subjectKey}
    </AsOfLink>
  )
}
