import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import type { RoleName } from '../../lib/roles.ts'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { FormError } from '../ui/form-error.tsx'
import { TextField } from '../ui/text-field.tsx'
import { type GrantableAssessment, RoleFields, rolesFor } from './role-fields.tsx'

/** Invites the owner of a mailbox. */
export function InviteForm({ ownRole, assessments, refusal }: InviteFormProps) {
  return (
    <Card title="Invite somebody" id="invite">
      <Form method="post" className="grid max-w-xl gap-4">
        <FormError message={refusal?.message} fieldErrors={refusal?.fields} />
        <TextField
          name="email"
          label="E-mail address"
          type="email"
          autoComplete="off"
          required
          hint="The link we send is bound to it, works once, and is good for seven days."
          defaultValue={refusal?.values.email}
          error={refusal?.fields.email}
        />
        <RoleFields
          idPrefix="field"
          roles={rolesFor(ownRole)}
          current="viewer"
          assessments={assessments}
          refusal={refusal}
        />
        <div>
          <SubmitButton intent="invite">Send the invitation</SubmitButton>
        </div>
      </Form>
    </Card>
  )
}

type InviteFormProps = {
  ownRole: RoleName
  assessments: readonly GrantableAssessment[]
  refusal: FormRefusal | undefined
}
