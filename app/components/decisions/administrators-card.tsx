import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { useBase, useIsAllowed } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { Button, SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FormError } from '../ui/form-error.tsx'
import { SelectField } from '../ui/select-field.tsx'
import type { AdministratorData } from './answers.ts'
import { ReasonField } from './decision-fields.tsx'

/** The list of approved administrators, with who may be put on it. */
export function AdministratorsCard({ administrators, candidates, isNow, refusal }: AdministratorsCardProps) {
  const isDecider = useIsAllowed('accounts:decide') && isNow
  const shown = refusal?.intent?.endsWith('_administrator') ? refusal : undefined
  const withdraw: Column<AdministratorData> = {
    key: 'actions',
    header: 'Take off the list',
    isHeaderHidden: true,
    cell: each => <Withdraw administrator={each} refusal={shown} />,
  }
  return (
    <Card
      id="administrators"
      title="Approved administrators"
      isFlush
      footer={
        isDecider && candidates.length > 0 ? <Approve candidates={candidates} refusal={shown} /> : undefined
      }
    >
      <DataTable
        caption="Approved administrators"
        rows={administrators}
        rowKey={each => each.subjectKey}
        columns={isDecider ? [...columns, withdraw] : columns}
        empty={
          <EmptyState title="Nobody is on the list">
            Every account that holds a directory role must be on it, with a reason.
          </EmptyState>
        }
      />
    </Card>
  )
}

type AdministratorsCardProps = {
  administrators: readonly AdministratorData[]
  /** Administrators that are not on the list. */
  candidates: readonly { subjectKey: string; name: string | null; login: string | null }[]
  isNow: boolean
  refusal: FormRefusal | undefined
}

const columns: Column<AdministratorData>[] = [
  { key: 'name', header: 'Account', isRowHeader: true, cell: each => <Account administrator={each} /> },
  { key: 'reason', header: 'Why', cell: each => <span className="break-words">{each.reason}</span> },
  {
    key: 'since',
    header: 'Approved',
    cell: each => (
      <>
        <Time value={each.since} mode="date" /> by {each.byName}
      </>
    ),
  },
]

function Account({ administrator: { subjectKey, name, login } }: { administrator: AdministratorData }) {
  const base = useBase()
  return (
    <AsOfLink to={`${base}/accounts/${subjectKey}`} className="link">
      {name ?? login ?? 'No longer in the directory'}
    </AsOfLink>
  )
}

function Approve({ candidates, refusal }: Pick<AdministratorsCardProps, 'candidates' | 'refusal'>) {
  const shown = refusal?.intent === 'approve_administrator' ? refusal : undefined
  return (
    <Disclosure summary="Put an administrator on the list" isOpen={shown !== undefined}>
      <Form method="post" className="grid max-w-xl gap-3">
        <FormError message={shown?.message} fieldErrors={shown?.fields} />
        <SelectField
          id="approve-subject"
          name="subject"
          label="Account"
          options={candidates.map(({ subjectKey, name, login }) => ({
            value: subjectKey,
            label: [name, login].filter(Boolean).join(', ') || subjectKey,
          }))}
          defaultValue={shown?.values.subject}
        />
        <ReasonField id="approve" refusal={shown} label="Why this account administers the directory" />
        <div>
          <SubmitButton intent="approve_administrator">Approve</SubmitButton>
        </div>
      </Form>
    </Disclosure>
  )
}

function Withdraw({ administrator: { subjectKey }, refusal }: WithdrawProps) {
  const isIt = refusal?.intent === 'withdraw_administrator' && refusal.values.subject === subjectKey
  const shown = isIt ? refusal : undefined
  return (
    <Disclosure summary="Take off the list" isOpen={shown !== undefined}>
      <Form method="post" className="grid gap-3 sm:min-w-72">
        <FormError message={shown && (shown.message ?? 'Please look at this again')} />
        <input type="hidden" name="subject" value={subjectKey} />
        <ReasonField id={`withdraw-${subjectKey}`} refusal={shown} />
        <div>
          <Button type="submit" size="s" name="intent" value="withdraw_administrator">
            Take off the list
          </Button>
        </div>
      </Form>
    </Disclosure>
  )
}

type WithdrawProps = { administrator: AdministratorData; refusal: FormRefusal | undefined }
