import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { GrantWords } from '../components/members/grant-words.tsx'
import { InviteForm } from '../components/members/invite-form.tsx'
import { MemberActions } from '../components/members/member-actions.tsx'
import type { ListedMember } from '../components/members/member-list.ts'
import { OpenInvitations } from '../components/members/open-invitations.tsx'
import { TimeControl } from '../components/time/look-back.tsx'
import { Time } from '../components/time/time.tsx'
import { Badge } from '../components/ui/badge.tsx'
import { Card } from '../components/ui/card.tsx'
import { CsvLink } from '../components/ui/csv-link.tsx'
import { DataTable } from '../components/ui/data-table.tsx'
import { DoneNote } from '../components/ui/done-note.tsx'
import { EmptyState } from '../components/ui/empty-state.tsx'
import { FormError } from '../components/ui/form-error.tsx'
import { PageHeader } from '../components/ui/page-header.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { checkedNames, fieldText, formAction, readForm } from '../lib/form-action.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'
import { ROLE_NAMES, type RoleName } from '../lib/roles.ts'

export const meta: MetaFunction = () => [{ title: `Members · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  const scope = organizationScope(request, params)
  const { organization } = scope
  const list = await loaderResult(request, context.caller.memberList(scope))
  // Who may manage members may read assessments.
  const assessments = list.canManage
    ? (await loaderResult(request, context.caller.assessments.list({ organization }))).assessments
    : []
  return { ...list, assessments, done: searchParams.get('done') }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const { caller } = context
  const organization = params.organization ?? ''
  const intent = fieldText(form, 'intent')
  return formAction(request, form, async () => {
    if (intent === 'invite') {
      await caller.memberInvite({ organization, email: fieldText(form, 'email'), ...roleFields(form) })
    } else if (intent === 'change') {
      await caller.memberChangeRole({ organization, userId: fieldText(form, 'userId'), ...roleFields(form) })
    } else if (intent === 'remove') {
      const confirmation = fieldText(form, 'confirmation')
      await caller.memberRemove({ organization, userId: fieldText(form, 'userId'), confirmation })
    } else if (intent === 'leave') {
      await caller.memberLeave({ organization, confirmation: fieldText(form, 'confirmation') })
      return redirect('/')
    } else {
      await caller.invitationWithdraw({ organization, invitationId: fieldText(form, 'invitationId') })
    }
    return redirect(`/o/${organization}/settings/members?done=${encodeURIComponent(intent)}`)
  })
}

export default function Members() {
  const { done, ...list } = useLoaderData<typeof loader>()
  const { members, canManage } = list
  const refusal = useActionData<typeof action>()
  // Only the withdrawal of an invitation has no place of its own for a refusal.
  const isShownAbove = refusal?.intent === 'withdraw'
  return (
    <>
      <PageHeader
        title="Members"
        description="Who can see this organization, and as what. Every change is in the audit trail."
        right={<TimeControl />}
      />
      {refusal ? null : <DoneNote done={done} words={DONE} />}
      {isShownAbove ? <FormError message={refusal.message} fieldErrors={refusal.fields} /> : null}
      <Card
        title={members.length === 1 ? 'One member' : `${members.length} members`}
        action={<CsvLink path="/settings/members.csv" />}
        isFlush
      >
        <DataTable
          caption="Members"
          rows={members}
          rowKey={member => member.userId}
          empty={<EmptyState title="Nobody was a member at this instant" />}
          columns={[
            { key: 'name', header: 'Name', isRowHeader: true, cell: member => <Who {...member} /> },
            {
              key: 'role',
              header: 'Role',
              cell: member => (
                <div>
                  <Badge>{ROLE_NAMES[member.role]}</Badge>
                  <GrantWords grant={member.grant} />
                </div>
              ),
            },
            { key: 'since', header: 'Since', cell: member => <Time value={member.since} mode="date" /> },
            {
              key: 'actions',
              header: 'Actions',
              isHeaderHidden: true,
              cell: member => (
                <MemberActions member={member} list={list} assessments={list.assessments} refusal={refusal} />
              ),
            },
          ]}
        />
      </Card>
      {canManage ? (
        <>
          <OpenInvitations invitations={list.invitations} />
          <InviteForm
            ownRole={list.ownRole}
            assessments={list.assessments}
            refusal={refusal?.intent === 'invite' ? refusal : undefined}
          />
        </>
      ) : null}
    </>
  )
}

function Who({ name, email }: Pick<ListedMember, 'name' | 'email'>) {
  return (
    <div>
      <span className="block">{name}</span>
      <span className="block text-xs font-normal text-ink-2">{email}</span>
    </div>
  )
}

const roleFields = (form: FormData) => ({
  // The procedure's schema is what checks it.
  role: fieldText(form, 'role') as RoleName,
  periodFrom: fieldText(form, 'periodFrom'),
  periodTo: fieldText(form, 'periodTo'),
  expiresAt: fieldText(form, 'expiresAt'),
  assessments: checkedNames(form, 'assessment-'),
})

const DONE: Record<string, string> = {
  invite: 'The invitation is on its way.',
  change: 'The role is changed.',
  remove: 'The member is removed.',
  withdraw: 'The invitation is withdrawn: its link no longer works.',
}
