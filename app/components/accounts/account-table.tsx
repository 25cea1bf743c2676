import { Form, useSearchParams } from '@remix-run/react'
import Search from 'lucide-react/icons/search'
import { useAsOf } from '../../lib/as-of.ts'
import { formatNumber } from '../../lib/format.ts'
import { furtherRows, useFurtherPages } from '../../lib/further-pages.ts'
import { useBase } from '../../lib/organization.ts'
import type { AccountListData } from '../decisions/answers.ts'
import { SourceChoice } from '../evidence/source-choice.tsx'
import { AsOfLink } from '../time/as-of-link.tsx'
import { TimeControl } from '../time/look-back.tsx'
import { Time } from '../time/time.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CsvLink } from '../ui/csv-link.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { CONTROL_CLASS } from '../ui/field.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Pagination } from '../ui/pagination.tsx'
import { SignInName } from '../ui/sign-in-name.tsx'
import { AccountClass } from './account-class.tsx'

type Account = AccountListData['accounts'][number]

/** The directory's accounts with their classes: search, sort, filter and pages stand in the address. */
export function AccountTable({ list }: { list: AccountListData }) {
  const { sourceId, sources, accounts, total, previous } = list
  const [parameters] = useSearchParams()
  const further = useFurtherPages(list, `${useBase()}/accounts`)
  const next = further.pages.at(-1)?.next ?? null
  const isWhole = !parameters.get('search') && (parameters.get('filter') ?? 'all') === 'all'
  return (
    <>
      <PageHeader
        title="Accounts"
        description="What each account of the directory is: as the directory says, or as a person declared. Emergency and service accounts are declared, never guessed."
        right={<TimeControl />}
      />
      {sourceId === null ? null : <SourceChoice sourceId={sourceId} sources={sources} />}
      {sourceId === null ? (
        <NoDirectory />
      ) : (
        <Card
          id="accounts"
          isFlush
          action={<CsvLink path="/accounts.csv" />}
          footer={
            <Pagination
              label="Pages of accounts"
              first={previous === null ? null : ''}
              previous={previous}
              next={next}
              summary={`${formatNumber(total)} in the directory`}
            />
          }
        >
          <FilterForm />
          <DataTable
            caption="Accounts"
            rows={accounts}
            rowKey={account => account.subjectKey}
            further={furtherRows(further, page => page.accounts, isWhole ? total : null)}
            columns={columns}
            empty={
              <EmptyState title="No such account">
                {total > 0
                  ? 'No account of this class has a name that begins like this.'
                  : 'The directory listed no account at this instant.'}
              </EmptyState>
            }
          />
        </Card>
      )}
    </>
  )
}

/** Before the first directory is connected. */
function NoDirectory() {
  const base = useBase()
  const isPast = useAsOf() !== null
  return (
    <Card id="accounts">
      <EmptyState
        title={isPast ? 'No directory was connected at this moment' : 'No directory is connected yet'}
      >
        Accounts are here within minutes of connecting one, under{' '}
        <AsOfLink to={`${base}/settings/integrations`} className="link">
          Integrations
        </AsOfLink>
        .
      </EmptyState>
    </Card>
  )
}

const columns: Column<Account>[] = [
  {
    key: 'name',
    width: 'w-[22%]',
    header: 'Name',
    isRowHeader: true,
    isSortable: true,
    cell: each => <Name account={each} />,
  },
  {
    key: 'login',
    width: 'w-[30%]',
    header: 'Sign-in name',
    isSortable: true,
    cell: each => <SignInName value={each.login} />,
  },
  { key: 'class', width: 'w-[17%]', header: 'Class', cell: each => <AccountClass account={each} /> },
  {
    key: 'owner',
    width: 'w-[12%]',
    header: 'Owner',
    isHiddenOnPhone: true,
    cell: each => each.ownerName ?? '–',
  },
  {
    key: 'until',
    width: 'w-[11%]',
    header: 'Until',
    isHiddenOnPhone: true,
    cell: ({ expiresAt }) => (expiresAt ? <Time value={expiresAt} mode="date" /> : '–'),
  },
  { key: 'enabled', width: 'w-[8%]', header: 'Enabled', cell: each => ENABLED[`${each.isEnabled}`] },
]

const ENABLED = { true: 'Yes', false: 'No', null: 'Not told' } as const

function Name({ account: { subjectKey, name, login } }: { account: Account }) {
  const base = useBase()
  return (
    <AsOfLink to={`${base}/accounts/${subjectKey}`} className="link">
      {name ?? login ?? 'Removed'}
    </AsOfLink>
  )
}

/** A GET form: the rest of the address stays, the page does not. */
function FilterForm() {
  const [parameters] = useSearchParams()
  const own = ['search', 'filter', 'cursor', 'done']
  const kept = [...parameters].filter(([name]) => !own.includes(name))
  return (
    <Form method="get" role="search" className="flex flex-wrap gap-2 px-4 py-3">
      {kept.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <label htmlFor="account-search" className="sr-only">
        Beginning of a name or sign-in name
      </label>
      <input
        id="account-search"
        key={`search ${parameters.get('search') ?? ''}`}
        type="search"
        name="search"
        maxLength={120}
        defaultValue={parameters.get('search') ?? ''}
        placeholder="Beginning of a name or sign-in name"
        className={`${CONTROL_CLASS} flex-1 max-sm:basis-full sm:max-w-80`}
      />
      <label htmlFor="account-filter" className="sr-only">
        Class
      </label>
      <select
        id="account-filter"
        key={`filter ${parameters.get('filter') ?? ''}`}
        name="filter"
        defaultValue={parameters.get('filter') ?? 'all'}
        className={`${CONTROL_CLASS} max-w-56 pe-8`}
      >
        {FILTERS.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <Button type="submit">
        <Search aria-hidden />
        Search
      </Button>
    </Form>
  )
}

const FILTERS = [
  ['all', 'Every class'],
  ['open', 'Without a class'],
  ['declared', 'Declared by a person'],
  ['person', 'Persons'],
  ['guest', 'Guests'],
  ['service', 'Service accounts'],
  ['emergency', 'Emergency accounts'],
  ['shared', 'Shared accounts'],
  ['directory_sync', 'Directory sync'],
  ['future_hire', 'Future hires'],
] as const
