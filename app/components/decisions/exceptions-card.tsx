import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { useBase, useIsAllowed } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FormError } from '../ui/form-error.tsx'
import { Status } from '../ui/status.tsx'
import type { ExceptionData } from './answers.ts'
import { ReasonField } from './decision-fields.tsx'
import { EXCEPTION_STATES } from './exception-states.ts'

/** Exceptions with where they stand, and what may be decided on each. */
export function ExceptionsCard({
  exceptions,
  ownUserId,
  refusal,
  isControlShown = false,
}: ExceptionsCardProps) {
  const isDecider = useIsAllowed('exceptions:decide') && ownUserId !== null
  const columns: Column<ExceptionData>[] = [
    { key: 'subject', header: 'For', isRowHeader: true, cell: each => <Subject exception={each} /> },
    ...(isControlShown ? [controlColumn] : []),
    { key: 'state', header: 'State', cell: each => <State exception={each} /> },
    { key: 'reason', header: 'Why', cell: each => <Why exception={each} /> },
    { key: 'expires', header: 'Until', cell: each => <Time value={each.expiresAt} mode="date" /> },
  ]
  const actions: Column<ExceptionData> = {
    key: 'actions',
    header: 'Decide',
    isHeaderHidden: true,
    cell: each => <Decide exception={each} isOwn={each.requestedBy === ownUserId} refusal={refusal} />,
  }
  return (
    <Card id="exceptions" title="Exceptions" isFlush>
      <DataTable
        caption="Exceptions"
        rows={exceptions}
        rowKey={each => each.exceptionId}
        columns={isDecider ? [...columns, actions] : columns}
        empty={
          <EmptyState title="No exceptions">
            Nothing is left out here. An exception needs a reason, an owner, a last day and a second person.
          </EmptyState>
        }
      />
    </Card>
  )
}

export type ExceptionsCardProps = {
  exceptions: readonly ExceptionData[]
  /** The reader; null in the past, where nothing is decided. */
  ownUserId: string | null
  refusal: FormRefusal | undefined
  isControlShown?: boolean
}

function Subject({ exception: { subject, subjectWords } }: { exception: ExceptionData }) {
  const base = useBase()
  if (subject.kind !== 'account') return <span className="break-words">{subjectWords}</span>
  return (
    <AsOfLink to={`${base}/accounts/${subject.id}`} className="link">
      {subjectWords}
    </AsOfLink>
  )
}

function ControlLink({ exception: { controlId } }: { exception: ExceptionData }) {
  const base = useBase()
  return (
    <AsOfLink to={`${base}/controls/${controlId}`} className="link tabular-nums">
      {controlId}
    </AsOfLink>
  )
}

const controlColumn: Column<ExceptionData> = {
  key: 'control',
  header: 'From',
  cell: each => <ControlLink exception={each} />,
}

function State({ exception: { state, decided } }: { exception: ExceptionData }) {
  return (
    <div className="grid gap-0.5">
      <Status {...EXCEPTION_STATES[state]} />
      {decided ? (
        <span className="text-xs text-ink-2">
          {decided.byName}, <Time value={decided.at} mode="date" />
        </span>
      ) : null}
    </div>
  )
}

function Why({ exception }: { exception: ExceptionData }) {
  const { reason, ownerName, requestedByName, requestedAt, decided } = exception
  return (
    <div className="grid max-w-md gap-0.5">
      <span className="break-words">{reason}</span>
      <span className="text-xs text-ink-2">
        Owner {ownerName}. Asked for by {requestedByName}, <Time value={requestedAt} mode="date" />.
      </span>
      {decided ? <span className="text-xs break-words text-ink-2">Decision: {decided.reason}</span> : null}
    </div>
  )
}

/** Approve, reject or withdraw, each with a typed reason. Who asked may not approve. */
function Decide({ exception, isOwn, refusal }: DecideProps) {
  const { exceptionId, state } = exception
  if (state !== 'waiting' && state !== 'in_force') return null
  const shown =
    refusal?.intent?.startsWith('exception_') && refusal.values.exceptionId === exceptionId
      ? refusal
      : undefined
  const waits = state === 'waiting'
  return (
    <Disclosure key={state} summary={waits ? 'Decide' : 'Withdraw'} isOpen={shown !== undefined}>
      <Form method="post" className="grid gap-3 sm:min-w-72">
        <FormError message={shown && (shown.message ?? 'Please look at this again')} />
        <input type="hidden" name="exceptionId" value={exceptionId} />
        <ReasonField id={`decide-${exceptionId}`} refusal={shown} label="Reason for the decision" />
        {waits && isOwn ? (
          <p className="text-xs text-ink-2">You asked for it yourself: another person must approve it.</p>
        ) : null}
        <div className="flex flex-wrap gap-2">
          {waits && !isOwn ? (
            <>
              <Button type="submit" variant="primary" size="s" name="intent" value="exception_approve">
                Approve
              </Button>
              <Button type="submit" size="s" name="intent" value="exception_reject">
                Reject
              </Button>
            </>
          ) : null}
          {!waits || isOwn ? (
            <Button type="submit" size="s" name="intent" value="exception_withdraw">
              Withdraw
            </Button>
          ) : null}
        </div>
      </Form>
    </Disclosure>
  )
}

type DecideProps = { exception: ExceptionData; isOwn: boolean; refusal: FormRefusal | undefined }
