import { callerOf, newMember, ownerCaller } from './caller.ts'
import type { Scene } from './seed.ts'
import { syncNow } from './seed.ts'

const hour = 3_600_000
const day = 24 * hour

/** The first day of a calendar in which the clock stands at noon, as forms send days. */
export const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10)

/**
 * An assessment of the days that have passed since the scene began, opened by a compliance lead, with everything attached
 * that was in force at two moments.
 */
export async function attachedAssessment(scene: Scene & { connectionId: string }, name = 'First half') {
  const { slug: organization, connectionId, clock } = scene
  const lead = callerOf(scene.services, await newMember(scene, 'compliance_lead'))
  const approver = callerOf(scene.services, await newMember(scene, 'admin'))
  const from = clock.now()
  const first = new Date(from.getTime() + hour)
  clock.jump(hour)
  await syncNow(scene, connectionId)
  clock.jump(hour)
  const second = clock.now()
  clock.jump(2 * day)
  const { assessmentId } = await lead.assessments.open({
    organization,
    name,
    periodFrom: dayOf(from),
    periodTo: dayOf(second),
    controls: ['AC-02', 'AC-03', 'AC-04', 'AC-05', 'AC-14', 'AC-16'],
  })
  const { attached } = await lead.assessments.attachCurrent({
    organization,
    assessmentId,
    instants: [first.toISOString(), second.toISOString()],
  })
  return { organization, assessmentId, name, lead, approver, first, second, attached }
}

/** The same, submitted and approved. */
export async function approvedAssessment(scene: Scene & { connectionId: string }, name?: string) {
  const made = await attachedAssessment(scene, name)
  const { organization, assessmentId } = made
  await made.lead.assessments.submit({ organization, assessmentId })
  await made.approver.assessments.approve({ organization, assessmentId, confirmation: made.name })
  return made
}

/** An assessment of today with evidence attached, and a sample drawn from it. */
export async function sampledAssessment(scene: Scene) {
  const organization = scene.slug
  const { assessments } = ownerCaller(scene)
  const day = dayOf(scene.clock.now())
  const { assessmentId } = await assessments.open({
    organization,
    name: 'Today',
    periodFrom: day,
    periodTo: day,
    controls: ['AC-02'],
  })
  const asked = { organization, assessmentId }
  await assessments.attachCurrent({ ...asked, instants: [scene.clock.now().toISOString()] })
  const { attachments } = await assessments.get(asked)
  const { attachmentId = '', evidenceId = '' } =
    attachments.find(({ kind }) => kind === 'user_inventory') ?? {}
  const { sampleId } = await assessments.drawSample({
    ...asked,
    controlId: 'AC-02',
    attachmentId,
    size: 3,
    seed: 'a-seed',
  })
  return { assessmentId, attachmentId, evidenceId, sampleId }
}
