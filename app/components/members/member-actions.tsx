import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { Button, SubmitButton } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { FormError } from '../ui/form-error.tsx'
import type { ListedMember, MemberList } from './member-list.ts'
import { type GrantableAssessment, RoleFields, rolesFor } from './role-fields.tsx'

/** What a reader may do about a member: change the role, remove, leave. Each opens in place and says what follows. */
export function MemberActions({ member, list, assessments, refusal }: MemberActionsProps) {
  const { canManage, userId, ownRole, asOf } = list
  const isSelf = member.userId === userId
  if (!asOf.isNow || !(canManage || isSelf)) return null
  const shown = refusal?.intent === 'change' && refusal.values.userId === member.userId ? refusal : undefined
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
      <Disclosure summary={isSelf ? 'Leave the organization' : 'Remove'}>
        <Form method="post" className="grid gap-2">
          <input type="hidden" name="userId" value={member.userId} />
          <p className="max-w-sm text-ink-2">
            {isSelf ? 'You lose access' : `${member.name} loses access`} at once, and open invitations to{' '}
            {member.email} end. What was done stays in the audit trail.
          </p>
          <div>
            <Button type="submit" variant="danger" size="s" name="intent" value={isSelf ? 'leave' : 'remove'}>
              {isSelf ? 'Leave' : `Remove ${member.name}`}
            </Button>
          </div>
        </Form>
      </Disclosure>
    </div>
  )
}

type MemberActionsProps = {
  member: ListedMember
  list: Pick<MemberList, 'canManage' | 'userId' | 'ownRole' | 'asOf'>
  assessments: readonly GrantableAssessment[]
  /** Of the form that was sent last, whichever it was. */
  refusal: FormRefusal | undefined
}
