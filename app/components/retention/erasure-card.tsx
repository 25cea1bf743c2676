import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { useBase } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { TextField } from '../ui/text-field.tsx'
import type { ErasureData, ErasurePreview, FoundPeople } from './answers.ts'
import { ErasedList } from './erased-list.tsx'
import { ErasureForm } from './erasure-form.tsx'

/** Erases one person who asks for it: find them, see what goes and what stays, confirm. */
export function ErasureCard({ erasure, asked, people, preview, refusal }: ErasureCardProps) {
  return (
    <Card title="Erase a person" id="erasure">
      <p className="max-w-prose pb-3 text-s text-ink-2">
        When a person of the directory asks to be forgotten: what names them is removed for good, wherever it
        is, and not stored again while the directory still lists them. Events speak of them by the directory’s
        key alone, and stay.
      </p>
      {erasure.canManage ? (
        <div className="grid gap-4">
          <Form method="get" role="search" className="flex flex-wrap items-start gap-3">
            <TextField
              name="person"
              type="search"
              label="Beginning of a name or sign-in name, or the object id"
              maxLength={120}
              defaultValue={asked ?? undefined}
              className="sm:min-w-80"
            />
            <div className="sm:pt-6">
              <SubmitButton variant="secondary">Find</SubmitButton>
            </div>
          </Form>
          {preview ? <ErasureForm person={people?.[0]} preview={preview} refusal={refusal} /> : null}
          {people && !preview ? <People people={people} /> : null}
        </div>
      ) : null}
      <ErasedList erasure={erasure} refusal={refusal} />
    </Card>
  )
}

export type ErasureCardProps = {
  erasure: ErasureData
  /** What was searched for; null where nothing was. */
  asked: string | null
  people: FoundPeople | null
  /** What erasing the one person found would do. */
  preview: ErasurePreview | null
  refusal: FormRefusal | undefined
}

function People({ people }: { people: FoundPeople }) {
  const base = useBase()
  return (
    <DataTable
      caption="People found"
      rows={people}
      rowKey={person => person.subjectKey}
      empty={
        <EmptyState title="Nobody is found">
          Nobody whose name or sign-in name begins like this is held, now or from before.
        </EmptyState>
      }
      columns={[
        { key: 'name', header: 'Name', isRowHeader: true, cell: person => person.name },
        { key: 'login', header: 'Sign-in name', cell: person => person.login ?? '–' },
        {
          key: 'listed',
          header: 'Directory',
          cell: person => (person.isListed ? 'Listed' : 'No longer listed'),
        },
        {
          key: 'choose',
          header: 'Choose',
          isHeaderHidden: true,
          cell: person => (
            <AsOfLink
              className="link"
              to={`${base}/settings/organization/data?person=${person.subjectKey}#erasure`}
            >
              See what would go<span className="sr-only"> of {person.name}</span>
            </AsOfLink>
          ),
        },
      ]}
    />
  )
}
