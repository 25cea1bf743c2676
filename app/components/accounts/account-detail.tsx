import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatNumber } from '../../lib/format.ts'
import { useBase, useIsAllowed } from '../../lib/organization.ts'
import type { AccountData, Person } from '../decisions/answers.ts'
import { ReasonField } from '../decisions/decision-fields.tsx'
import { ExceptLink } from '../decisions/except-link.tsx'
import { ExceptionsCard } from '../decisions/exceptions-card.tsx'
import { AsOfLink } from '../time/as-of-link.tsx'
import { TimeControl } from '../time/look-back.tsx'
import { Time } from '../time/time.tsx'
import { Breadcrumbs } from '../ui/breadcrumbs.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Fingerprint } from '../ui/code.tsx'
import { DescriptionList } from '../ui/description-list.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FormError } from '../ui/form-error.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Status } from '../ui/status.tsx'
import { AccountClass } from './account-class.tsx'
import { DeclareForm } from './declare-form.tsx'

/** One account: what it is, who answers for it, what names it, and every decision on it. */
export function AccountDetail({ account, people, ownUserId, refusal }: AccountDetailProps) {
  const base = useBase()
  const isNow = ownUserId !== null
  const isDecider = useIsAllowed('accounts:decide') && isNow
  const isEraser = useIsAllowed('organization:manage') && isNow
  const { name, login, subjectKey, isListed } = account
  const title = name ?? login ?? 'Removed account'
  return (
    <>
      <PageHeader
        title={title}
        breadcrumbs={
          <Breadcrumbs items={[{ label: 'Accounts', to: `${base}/accounts` }, { label: title }]} />
        }
        right={<TimeControl />}
      />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]">
        <div className="grid gap-4">
          <NamedCard account={account} />
          {isDecider && isListed ? <DeclareForm account={account} people={people} refusal={refusal} /> : null}
        </div>
        <Card id="class" title="What it is">
          <DescriptionList
            isStacked
            items={[
              { name: 'Class', value: <AccountClass account={account} /> },
              ...declarationItems(account.declaration),
              { name: 'Sign-in name', value: login ?? '–' },
              {
                name: 'Enabled',
                value: account.isEnabled === null ? 'Not told' : account.isEnabled ? 'Yes' : 'No',
              },
              {
                name: 'In the directory',
                value: isListed ? 'Yes' : 'Not at this instant: shown as it was listed last',
              },
              ...approvalItems(account.approvedAdministrator),
              { name: 'Directory id', value: <Fingerprint value={subjectKey} label="Copy directory id" /> },
            ]}
          />
          {isDecider && account.declaration ? <WithdrawForm refusal={refusal} /> : null}
          {isEraser ? (
            <p className="pt-3 text-xs text-ink-2">
              The person asks to be forgotten?{' '}
              <AsOfLink
                className="link"
                to={`${base}/settings/organization/data?person=${subjectKey}#erasure`}
              >
                Erase them
              </AsOfLink>
              , after seeing what goes and what stays.
            </p>
          ) : null}
        </Card>
      </div>
      <ExceptionsCard
        exceptions={account.exceptions}
        ownUserId={ownUserId}
        refusal={refusal}
        isControlShown
      />
      <HistoryCard history={account.history} />
    </>
  )
}

type AccountDetailProps = {
  account: AccountData
  people: readonly Person[]
  /** The reader; null in the past, where nothing is decided. */
  ownUserId: string | null
  refusal: FormRefusal | undefined
}

function declarationItems(declaration: AccountData['declaration']) {
  if (!declaration) return []
  const { ownerName, reason, since, byName, expiresAt } = declaration
  return [
    { name: 'Owner', value: ownerName },
    { name: 'Why', value: reason },
    {
      name: 'Declared',
      value: (
        <>
          <Time value={since} /> by {byName}
        </>
      ),
    },
    {
      name: 'Until',
      value: expiresAt ? <Time value={expiresAt} mode="date" /> : 'it is withdrawn',
    },
  ]
}

function approvalItems(approved: AccountData['approvedAdministrator']) {
  if (!approved) return []
  return [
    {
      name: 'Approved administrator',
      value: (
        <>
          “{approved.reason}”, <Time value={approved.since} mode="date" /> by {approved.byName}
        </>
      ),
    },
  ]
}

/** What the verdicts say of it now. */
function NamedCard({ account: { named, sourceId } }: { account: AccountData }) {
  const base = useBase()
  const isRequester = useIsAllowed('exceptions:decide')
  return (
    <Card id="named" title="Named by verdicts">
      {named.length === 0 ? (
        <p className="text-s text-ink-2">No verdict names this account.</p>
      ) : (
        <ul className="grid gap-3">
          {named.map(each => (
            <li key={`${each.controlId} ${each.text}`} className="grid gap-0.5 text-s">
              <span className="flex flex-wrap items-baseline gap-x-2">
                <AsOfLink to={`${base}/controls/${each.controlId}`} className="link font-medium">
                  {each.controlId} {each.title}
                </AsOfLink>
                {each.verdict === 'advice' ? (
                  <span className="text-ink-2">Advice</span>
                ) : (
                  <Status value={each.verdict} />
                )}
              </span>
              <span className="text-ink-2">{each.text}</span>
              {each.exceptable && isRequester ? (
                <span>
                  <ExceptLink
                    controlId={each.controlId}
                    subject={`${each.exceptable.kind}:${each.exceptable.id}`}
                    sourceId={sourceId}
                  />
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function WithdrawForm({ refusal }: { refusal: FormRefusal | undefined }) {
  const shown = refusal?.intent === 'withdraw' ? refusal : undefined
  return (
    <div className="pt-4">
      <Disclosure summary="Withdraw the declaration" isOpen={shown !== undefined}>
        <Form method="post" className="grid gap-3">
          <FormError message={shown?.message} fieldErrors={shown?.fields} />
          <p className="text-ink-2">The account is what the directory says again, at once.</p>
          <ReasonField id="withdraw" refusal={shown} />
          <div>
            <SubmitButton intent="withdraw" variant="secondary">
              Withdraw
            </SubmitButton>
          </div>
        </Form>
      </Disclosure>
    </div>
  )
}

function HistoryCard({ history }: Pick<AccountData, 'history'>) {
  const base = useBase()
  return (
    <Card id="history" title="Decisions on this account">
      {history.length === 0 ? (
        <EmptyState title="Nothing was decided yet">
          What people declare of this account is told here, with each event of the ledger.
        </EmptyState>
      ) : (
        <ol className="grid gap-3">
          {history.map(each => (
            <li key={each.position} className="grid gap-0.5 text-s">
              <span className="break-words">{each.text}</span>
              <span className="text-xs text-ink-2">
                <Time value={each.at} /> by {each.byName}, as{' '}
                <AsOfLink to={`${base}/audit/${each.position}`} className="link tabular-nums">
                  event {formatNumber(each.position)}
                </AsOfLink>
              </span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  )
}
