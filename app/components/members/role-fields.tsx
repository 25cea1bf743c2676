import type { FormRefusal } from '../../lib/form-action.ts'
import { formatDateUtc } from '../../lib/format.ts'
import { ROLE_HINTS, ROLE_NAMES, type RoleName } from '../../lib/roles.ts'
import { Checkbox } from '../ui/checkbox.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { DateField } from '../ui/text-field.tsx'

export type GrantValues = {
  periodFrom: Date
  periodTo: Date
  expiresAt: Date
  assessments: readonly string[]
} | null

/** What an auditor may be bound to. */
export type GrantableAssessment = { assessmentId: string; name: string; periodFrom: Date; periodTo: Date }

/** A role, and what an auditor needs besides. All fields are there always, so that they work without JavaScript. */
export function RoleFields({
  idPrefix,
  roles,
  current,
  grant = null,
  assessments,
  refusal,
}: RoleFieldsProps) {
  const typed = refusal?.values
  return (
    <>
      <SelectField
        id={`${idPrefix}-role`}
        name="role"
        label="Role"
        required
        options={roles.map(value => ({
          value,
          label: `${ROLE_NAMES[value]}: ${ROLE_HINTS[value].toLowerCase()}`,
        }))}
        defaultValue={typed?.role ?? current}
        error={refusal?.fields.role}
      />
      <fieldset className="grid gap-3 rounded-s border border-line p-3">
        <legend className="px-1 text-s font-semibold text-ink">For auditors only</legend>
        <div className="grid gap-3 sm:grid-cols-3">
          {GRANT_FIELDS.map(({ name, label }) => (
            <DateField
              key={name}
              id={`${idPrefix}-${name}`}
              name={name}
              label={label}
              defaultValue={typed?.[name] ?? grant?.[name].toISOString().slice(0, 10)}
              error={refusal?.fields[name]}
            />
          ))}
        </div>
        <p className="text-xs text-ink-2">
          Days in UTC; the last ones count whole. Other roles leave them empty.
        </p>
        {assessments.length > 0 ? (
          <fieldset className="grid gap-2 border-t border-line pt-3" id={`${idPrefix}-assessments`}>
            <legend className="sr-only">Assessments</legend>
            <p className="text-xs text-ink-2">
              Or the period of these assessments, and of assessments these alone. The days above are left out
              then, but for the end of access.
            </p>
            {assessments.map(({ assessmentId, name, periodFrom, periodTo }) => (
              <Checkbox
                key={assessmentId}
                name={`assessment-${assessmentId}`}
                label={name}
                hint={`${formatDateUtc(periodFrom)} to ${formatDateUtc(periodTo)}`}
                isChecked={
                  typed
                    ? `assessment-${assessmentId}` in typed
                    : (grant?.assessments.includes(assessmentId) ?? false)
                }
              />
            ))}
            {refusal?.fields.assessments ? (
              <p className="text-xs font-medium text-fail">{refusal.fields.assessments}</p>
            ) : null}
          </fieldset>
        ) : null}
      </fieldset>
    </>
  )
}

type RoleFieldsProps = {
  /** Keeps ids apart where the fields stand on a page more than once. */
  idPrefix: string
  roles: readonly RoleName[]
  current: RoleName
  grant?: GrantValues
  assessments: readonly GrantableAssessment[]
  refusal: FormRefusal | undefined
}

const GRANT_FIELDS = [
  { name: 'periodFrom', label: 'Sees from' },
  { name: 'periodTo', label: 'Sees until' },
  { name: 'expiresAt', label: 'Access ends' },
] as const

/** Only owners make owners. */
export const rolesFor = (own: RoleName): RoleName[] =>
  ALL_ROLES.filter(role => role !== 'owner' || own === 'owner')

const ALL_ROLES: RoleName[] = ['owner', 'admin', 'compliance_lead', 'auditor', 'viewer']
