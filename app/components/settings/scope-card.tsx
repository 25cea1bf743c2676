import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import type { SettingsData } from '../decisions/answers.ts'
import { ReasonField } from '../decisions/decision-fields.tsx'
import { Time } from '../time/time.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FormError } from '../ui/form-error.tsx'
import { Status } from '../ui/status.tsx'

type Scoped = SettingsData['controls'][number] & { isRevoked?: boolean }

/** What counts for coverage, and what was taken out of it, with a reason for each step. */
export function ScopeCard({ what, title, explanation, rows, isDecider, refusal }: ScopeCardProps) {
  const columns: Column<Scoped>[] = [
    {
      key: 'title',
      header: what === 'control' ? 'Control' : 'Directory',
      isRowHeader: true,
      cell: row => (what === 'control' ? `${row.id} ${row.title}` : row.title),
    },
    { key: 'scope', header: 'Counts for coverage', cell: row => <InScope row={row} /> },
  ]
  const decide: Column<Scoped> = {
    key: 'decide',
    header: 'Change',
    isHeaderHidden: true,
    cell: row => (
      <ScopeForm what={what} row={row} refusal={refusal?.values.id === row.id ? refusal : undefined} />
    ),
  }
  return (
    <Card id={`${what}-scope`} title={title} isFlush>
      <p className="px-4 pb-3 text-s text-ink-2">{explanation}</p>
      <DataTable
        caption={title}
        rows={rows}
        rowKey={row => row.id}
        columns={isDecider ? [...columns, decide] : columns}
        empty={<EmptyState title="Nothing is connected yet" />}
      />
    </Card>
  )
}

type ScopeCardProps = {
  what: 'control' | 'source'
  title: string
  explanation: string
  rows: readonly Scoped[]
  isDecider: boolean
  refusal: FormRefusal | undefined
}

function InScope({ row: { outOfScope, isRevoked } }: { row: Scoped }) {
  if (!outOfScope) {
    return <Status value="pass" word={isRevoked ? 'Yes, as no data: its connection was revoked' : 'Yes'} />
  }
  return (
    <span className="grid gap-0.5">
      <Status value="skipped" word="Out of scope" />
      <span className="max-w-md text-xs break-words text-ink-2">
        “{outOfScope.reason}” {outOfScope.byName}, <Time value={outOfScope.since} mode="date" />
      </span>
    </span>
  )
}

function ScopeForm({ what, row: { id, outOfScope }, refusal }: ScopeFormProps) {
  const isOut = outOfScope !== null
  return (
    <Disclosure summary={isOut ? 'Take into scope' : 'Take out of scope'} isOpen={refusal !== undefined}>
      <Form method="post" className="grid gap-3 sm:min-w-72">
        <FormError message={refusal && (refusal.message ?? 'Please look at this again')} />
        <input type="hidden" name="id" value={id} />
        <input type="hidden" name="isInScope" value={String(isOut)} />
        <ReasonField id={`scope-${id}`} refusal={refusal} />
        <div>
          <SubmitButton intent={`scope_${what}`} size="s" variant="secondary">
            {isOut ? 'Take into scope' : 'Take out of scope'}
          </SubmitButton>
        </div>
      </Form>
    </Disclosure>
  )
}

type ScopeFormProps = { what: 'control' | 'source'; row: Scoped; refusal: FormRefusal | undefined }
