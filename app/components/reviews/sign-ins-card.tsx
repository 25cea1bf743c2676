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
type Said = NonNullable<SignIn['said']>

/** Sign-ins of medium and high risk in 30 days, each to be settled in its time. */
export function SignInsCard({ shown, isReviewer, refusal }: SignInsCardProps) {
  const { signIns, count } = shown
  const actions: Column<SignIn> = {
    key: 'actions',
    header: 'Settle',
    isHeaderHidden: true,
    cell: signIn => <Say signIn={signIn} refusal={refusal} />,
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

function Settled({ signIn: { said, earlier, deadline } }: { signIn: SignIn }) {
  const isSettled = said?.isSettled === true
  return (
    <div className="grid max-w-md gap-0.5">
      <Standing doneAt={isSettled ? said.doneAt : null} deadline={deadline} done="Settled" />
      {isSettled ? null : (
        <span className="text-xs text-ink-2">
          by <Time value={deadline} />
        </span>
      )}
      {said ? <SaidOfIt said={said} /> : null}
      {earlier.length > 0 ? (
        <Disclosure summary="Said before">
          <ol className="grid gap-2">
            {earlier.map(before => (
              <li key={before.at.toISOString()} className="grid gap-0.5">
                <SaidOfIt said={before} />
              </li>
            ))}
          </ol>
        </Disclosure>
      ) : null}
    </div>
  )
}

function SaidOfIt({ said }: { said: Said }) {
  return (
    <>
      <span className="break-words">
        {said.outcome}
        {said.isSettled ? (
          <>
            , <Time value={said.doneAt} />
          </>
        ) : null}
        : “{said.note}”
      </span>
      <span className="text-xs text-ink-2">
        Said by {said.byName}, <Time value={said.at} />
      </span>
    </>
  )
}

/** To settle what nobody settled, and to correct what was said. */
function Say({
  signIn: { subjectKey, said },
  refusal,
}: {
  signIn: SignIn
  refusal: FormRefusal | undefined
}) {
  const { intent, summary, outcomes, reason, hint, button } = said === null ? SETTLE : CORRECT
  const isIt = refusal?.intent === intent && refusal.values.subject === subjectKey
  const shown = isIt ? refusal : undefined
  return (
    <Disclosure summary={summary} isOpen={shown !== undefined}>
      <Form method="post" className="grid gap-3 sm:min-w-72">
        <FormError message={shown && (shown.message ?? 'Please look at this again')} />
        <input type="hidden" name="subject" value={subjectKey} />
        <SelectField
          id={`settle-${subjectKey}-outcome`}
          name="outcome"
          label="What came of it"
          required
          placeholder="Choose"
          options={outcomes}
          defaultValue={shown?.values.outcome ?? ''}
          error={shown?.fields.outcome}
        />
        <ReasonField id={`settle-${subjectKey}`} refusal={shown} label={reason} />
        <DateField
          withTime
          id={`settle-${subjectKey}-settledAt`}
          name="settledAt"
          label="When it was handled elsewhere"
          required={false}
          hint={hint}
          defaultValue={shown?.values.settledAt}
          error={shown?.fields.settledAt}
        />
        <div>
          <SubmitButton intent={intent}>{button}</SubmitButton>
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

const SETTLE = {
  intent: 'settle',
  summary: 'Settle',
  outcomes: OUTCOMES,
  reason: 'What was found and done',
  hint: 'In UTC. Left out it counts as settled now.',
  button: 'Settle this sign-in',
}

const CORRECT = {
  intent: 'correct',
  summary: 'Correct',
  outcomes: [...OUTCOMES, { value: 'reopened', label: 'Not settled after all' }],
  reason: 'What was wrong, and what holds',
  hint: 'In UTC. Left out, another outcome counts from now; the same one keeps its time.',
  button: 'Correct what was said',
}
