import { Form, useParams } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { SubmitButton } from '../ui/button.tsx'
import { ConfirmForm } from '../ui/confirm-form.tsx'
import { Consequences } from '../ui/consequences.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { FormError } from '../ui/form-error.tsx'
import type { ListedMember, MemberList } from './member-list.ts'
import { type GrantableAssessment, RoleFields, rolesFor } from './role-fields.tsx'

/** What a reader may do about a member: change the role, remove, leave. Each opens in place and says what follows. */
export function MemberActions({ member, list, assessments, refusal }: MemberActionsProps) {
  const { canManage, userId, ownRole, asOf } = list
  const isSelf = member.userId === userId
  if (!asOf.isNow || !(canManage || isSelf)) return null
  const own = refusal?.values.userId === member.userId ? refusal : undefined
  const shown = own?.intent === 'change' ? own : undefined
  return (
    <div className="grid gap-2">
      {canManage ? (
        <Disclosure summary="Change the role" isOpen={shown !== undefined}>
          <Form method="post" className="grid gap-3 sm:min-w-96">
            <FormError message={shown && (shown.message ?? 'Please look at these fields again')} />
            <input type="hidden" name="userId" value={member.userId} />
            <RoleFields
              idPrefix={`change-${member.userId}`}
              roles={rolesFor(ownRole)}
              current={member.role}
              grant={member.grant}
              assessments={assessments}
              refusal={shown}
            />
            <div>
              <SubmitButton intent="change" size="s">
                Change the role
              </SubmitButton>
            </div>
          </Form>
        </Disclosure>
      ) : null}
      <Removal member={member} isSelf={isSelf} refusal={own?.intent === 'change' ? undefined : own} />
    </div>
  )
}

/** Shuts a person out behind a typed word, after saying what ends and what stays. */
function Removal({ member: { userId, name, email }, isSelf, refusal }: RemovalProps) {
  const { organization = '' } = useParams()
  return (
    <Disclosure summary={isSelf ? 'Leave the organization' : 'Remove'} isOpen={refusal !== undefined}>
      <ConfirmForm
        word={isSelf ? organization : email}
        intent={isSelf ? 'leave' : 'remove'}
        submitLabel={isSelf ? 'Leave' : `Remove ${name}`}
        hidden={{ userId }}
        error={refusal?.fields.confirmation}
      >
        {refusal && !refusal.fields.confirmation ? <FormError message={refusal.message} /> : null}
        <Consequences
          sides={[
            {
              title: 'Ends, at once',
              items: [isSelf ? 'your access' : 'the person’s access', `open invitations to ${email}`],
            },
            { title: 'Stays', items: ['the account', 'what was done, in the audit trail'] },
          ]}
        />
      </ConfirmForm>
    </Disclosure>
  )
}

type RemovalProps = { member: ListedMember; isSelf: boolean; refusal: FormRefusal | undefined }

type MemberActionsProps = {
  member: ListedMember
  list: Pick<MemberList, 'canManage' | 'userId' | 'ownRole' | 'asOf'>
  assessments: readonly GrantableAssessment[]
  /** Of the form that was sent last, whichever it was. */
  refusal: FormRefusal | undefined
}
