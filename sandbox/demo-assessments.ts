import { approveAssessment } from '../server/assessments/approve-assessment.ts'
import { readPeriod } from '../server/assessments/assessment-fields.ts'
import { attachCurrent } from '../server/assessments/attach-evidence.ts'
import { openAssessment, submitAssessment } from '../server/assessments/manage-assessments.ts'
import { readCatalogue } from '../server/coverage/read-coverage.ts'
import type { Role } from '../server/domain/member/roles.ts'
import { changeRole } from '../server/members/manage-members.ts'
import type { Services } from '../server/services.ts'

const day = 86_400_000

export interface PlayedAssessments {
  organizationId: string
  userIds: ReadonlyMap<Role, string>
  /** When the history began, and how long it is. */
  start: Date
  days: number
}

/**
 * Two assessments of a played history: the compliance lead submitted one of its first part and the owner approved it;
 * one of the rest, which still runs, is open. The auditor's grant is for both. A history of less than four days has none.
 */
export async function playAssessments(
  services: Services,
  { organizationId, userIds, start, days }: PlayedAssessments,
): Promise<void> {
  const [ownerId, lead, auditor] = (['owner', 'compliance_lead', 'auditor'] as const).map(role =>
    userIds.get(role),
  )
  if (!ownerId || !lead || !auditor || days < 4) return
  const actor = { organizationId, userId: lead }
  const dayAfter = (count: number) => new Date(start.getTime() + count * day).toISOString().slice(0, 10)
  const share = Math.floor(days * 0.6)
  const controls = await controlsInForce(services, organizationId)
  const open = (name: string, from: number, to: number) =>
    openAssessment(services, actor, {
      name,
      period: readPeriod({ from: dayAfter(from), to: dayAfter(to) }),
      controls,
    })
  const moments = (from: number, to: number) =>
    Array.from(
      { length: Math.ceil((to - from) / 7) },
      (_, week) => new Date(start.getTime() + (from + week * 7 + 0.9) * day),
    )

  const first = 'SOC 2, first part of the history'
  const { assessmentId } = await open(first, 0, share)
  await attachCurrent(services, actor, { assessmentId, instants: moments(0, share), windows: false })
  await submitAssessment(services, actor, assessmentId)
  await approveAssessment(
    services,
    { organizationId, userId: ownerId },
    { assessmentId, confirmation: first },
  )

  const second = await open('SOC 2, the rest', share + 1, days + 30)
  await attachCurrent(services, actor, {
    assessmentId: second.assessmentId,
    instants: moments(share + 1, days - 1),
    windows: false,
  })
  await changeRole(
    services,
    { organizationId, userId: ownerId },
    {
      userId: auditor,
      role: 'auditor',
      grant: {
        period: null,
        expiresAt: new Date(start.getTime() + (days + 365) * day),
        assessments: [assessmentId, second.assessmentId].sort(),
      },
    },
  )
}

const controlsInForce = ({ ledger }: Services, organizationId: string): Promise<string[]> =>
  ledger.query(organizationId, { kind: 'now' }, async (transaction, { position }) =>
    (await readCatalogue(transaction, organizationId, position)).controls.map(({ id }) => id),
  )
