import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatCount } from '../../lib/format.ts'
import { ReasonField } from '../decisions/decision-fields.tsx'
import { Time } from '../time/time.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FormError } from '../ui/form-error.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { SignInName } from '../ui/sign-in-name.tsx'
import { DateField } from '../ui/text-field.tsx'
import type { SignInsData } from './answers.ts'
import { Standing } from './changes-card.tsx'

type SignIn = SignInsData['signIns'][number]

/** Sign-ins of medium and high risk in 30 days, each to be settled in its time. */
export function SignInsCard({ shown, isReviewer, refusal }: SignInsCardProps) {
  const { signIns, count } = shown
  const actions: Column<SignIn> = {
    key: 'actions',
    header: 'Settle',
    isHeaderHidden: true,
    cell: signIn => (signIn.settled === null ? <Settle signIn={signIn} refusal={refusal} /> : null),
  }
  return (
    <Card
      id="reviews"
      title="Sign-ins of medium and high risk in 30 days"
      action={<span className="text-ink-2 tabular-nums">{formatCount(count, 'sign-in')}</span>}
      isFlush
      footer={signIns.length < count ? `The ${signIns.length} most urgent are shown.` : undefined}
    >
      <DataTable
        caption="Sign-ins of medium and high risk"
        rows={signIns}
        rowKey={signIn => signIn.subjectKey}
        columns={isReviewer ? [...columns, actions] : columns}
        empty={
          <EmptyState title="No such sign-ins">
            None was seen in 30 days, or none since the directory was connected.
          </EmptyState>
        }
      />
    </Card>
  )
}

type SignInsCardProps = { shown: SignInsData; isReviewer: boolean; refusal: FormRefusal | undefined }

const columns: Column<SignIn>[] = [
  {
    key: 'who',
    header: 'Who',
    isRowHeader: true,
    cell: ({ name, login }) => (
      <span className="grid gap-0.5">
        {name ?? 'Not told'}
        <SignInName value={login} />
      </span>
    ),
  },
  {
    key: 'what',
    header: 'Sign-in',
    cell: ({ at, app, place }) => (
      <span className="grid gap-0.5">
        <Time value={at} />
        <span className="text-xs text-ink-2">{[app, place].filter(Boolean).join(', ')}</span>
      </span>
    ),
  },
  {
    key: 'risk',
    header: 'Risk',
    cell: ({ level, state }) => (
      <span className="grid gap-0.5">
        {level === 'high' ? 'High' : 'Medium'}
        <span className="text-xs text-ink-2">{STATES[state ?? ''] ?? state ?? 'State not told'}</span>
      </span>
    ),
  },
  { key: 'settled', header: 'Settled', cell: signIn => <Settled signIn={signIn} /> },
]

/** What the directory itself says of it. */
const STATES: Record<string, string> = {
  atRisk: 'At risk in the directory',
  confirmedCompromised: 'Confirmed compromised in the directory',
  remediated: 'Remediated in the directory',
  dismissed: 'Dismissed in the directory',
  confirmedSafe: 'Confirmed safe in the directory',
}

function Settled({ signIn: { settled, deadline } }: { signIn: SignIn }) {
  return (
    <div className="grid max-w-md gap-0.5">
      <Standing doneAt={settled?.doneAt ?? null} deadline={deadline} done="Settled" />
      {settled ? (
        <>
          <span className="break-words">
            {settled.outcome}, <Time value={settled.doneAt} />: “{settled.note}”
          </span>
          <span className="text-xs text-ink-2">
            Said by {settled.byName}, <Time value={settled.at} />
          </span>
        </>
      ) : (
        <span className="text-xs text-ink-2">
          by <Time value={deadline} />
        </span>
      )}
    </div>
  )
}

function Settle({ signIn: { subjectKey }, refusal }: { signIn: SignIn; refusal: FormRefusal | undefined }) {
  const isIt = refusal?.intent === 'settle' && refusal.values.subject === subjectKey
  const shown = isIt ? refusal : undefined
  return (
    <Disclosure summary="Settle" isOpen={shown !== undefined}>
      <Form method="post" className="grid gap-3 sm:min-w-72">
        <FormError message={shown && (shown.message ?? 'Please look at this again')} />
        <input type="hidden" name="subject" value={subjectKey} />
        <SelectField
          id={`settle-${subjectKey}-outcome`}
          name="outcome"
          label="What came of it"
          required
          placeholder="Choose"
          options={OUTCOMES}
          defaultValue={shown?.values.outcome ?? ''}
          error={shown?.fields.outcome}
        />
        <ReasonField id={`settle-${subjectKey}`} refusal={shown} label="What was found and done" />
        <DateField
          withTime
          id={`settle-${subjectKey}-settledAt`}
          name="settledAt"
          label="When it was handled elsewhere"
          required={false}
          hint="In UTC. Left out it counts as settled now."
          defaultValue={shown?.values.settledAt}
          error={shown?.fields.settledAt}
        />
        <div>
          <SubmitButton intent="settle">Settle this sign-in</SubmitButton>
        </div>
      </Form>
    </Disclosure>
  )
}

const OUTCOMES = [
  { value: 'compromise_handled', label: 'Confirmed compromise, handled' },
  { value: 'benign', label: 'Benign, dismissed' },
  { value: 'handled_elsewhere', label: 'Handled elsewhere' },
]
