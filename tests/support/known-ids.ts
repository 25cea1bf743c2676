import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { events, evidence } from '../../db/schema/ledger.ts'
import { connection, invitation, membership, run } from '../../db/schema/state.ts'
import { newId } from '../../server/ledger/ids.ts'
import { invite } from '../../server/members/invite-member.ts'
import { isOpen } from '../../server/projections/range.ts'
import { makeArchive } from './archive.ts'
import { sampledAssessment } from './assessment.ts'
import { ownerCaller } from './caller.ts'
import { newEmail } from './people.ts'
import type { Scene } from './seed.ts'

/** One id of each sort that there is in an organization, by the name that inputs have for it. */
export async function idsOf(scene: Scene & { connectionId: string }): Promise<Record<string, string>> {
  const { organizationId, services } = scene
  const actor = { organizationId, userId: scene.userId, name: 'An organization' }
  const email = newEmail()
  const { invitationId } = await invite(services, actor, {
    email,
    role: 'viewer',
    grant: null,
    invitedByName: 'Ada Owner',
  })
  const { exportId } = await makeArchive(scene, { kind: 'organization' })
  const { webhookId, subscriptionId } = await subscribedWebhook(scene)
  const exceptionId = await requestedException(scene)
  const alertId = await raisedAlert(scene)
  const { assessmentId, attachmentId, evidenceId, sampleId } = await sampledAssessment(scene)
  return services.database.withOrganization(organizationId, async transaction => {
    const synced = await syncedIds(transaction, organizationId)
    const [ended] = await transaction
      .select({ id: run.id })
      .from(run)
      .where(eq(run.organizationId, organizationId))
    const [event] = await transaction
      .select({ streamId: events.streamId })
      .from(events)
      .where(eq(events.organizationId, organizationId))
    const [waiting] = await transaction
      .select({ id: invitation.id })
      .from(invitation)
      .where(and(eq(invitation.organizationId, organizationId), eq(invitation.id, invitationId)))
    if (!ended || !event || !waiting) throw new Error('the seed is incomplete')
    return {
      ...synced,
      connectionId: scene.connectionId,
      userId: scene.userId,
      invitationId: waiting.id,
      afterRun: ended.id,
      streamId: event.streamId,
      exportId,
      webhookId,
      alertId,
      subscriptionId,
      assessmentId,
      attachmentId,
      evidenceId,
      sampleId,
      subjectId: synced.subject,
      sourceId: synced.source,
      ownerId: scene.userId,
      exceptionId,
    }
  })
}

/** What a first sync brought: a source, evidence of its users, and one of them. */
export async function syncedIds(
  transaction: Transaction,
  organizationId: string,
): Promise<{ source: string; id: string; subject: string }> {
  const [connected] = await transaction
    .select({ source: connection.sourceId })
    .from(connection)
    .where(isOpen(connection, organizationId))
  const [attached] = await transaction
    .select({ id: evidence.id })
    .from(evidence)
    .where(and(eq(evidence.organizationId, organizationId), eq(evidence.kind, 'user_inventory')))
  const [somebody] = await transaction
    .select({ subject: membership.subjectKey })
    .from(membership)
    .where(and(isOpen(membership, organizationId), eq(membership.kind, 'user_inventory')))
  if (!connected || !attached || !somebody) throw new Error('the seed is incomplete')
  return { ...connected, ...attached, ...somebody }
}

/** An exception that waits for somebody. */
async function requestedException(scene: Scene): Promise<string> {
  const organization = scene.slug
  const caller = ownerCaller(scene)
  const { subjects } = await caller.controls.get({ organization, controlId: 'AC-10' })
  const { exceptionId } = await caller.exceptions.request({
    organization,
    controlId: 'AC-10',
    subjectKind: 'account',
    subjectId: subjects.subjects[0]?.subjectKey ?? '',
    reason: 'Until the list is agreed.',
    ownerId: scene.userId,
    expiresOn: new Date(scene.clock.now().getTime() + 30 * 86_400_000).toISOString().slice(0, 10),
  })
  return exceptionId
}

/** A webhook that nothing listens at, and its subscription to checkpoints. */
async function subscribedWebhook(scene: Scene): Promise<{ webhookId: string; subscriptionId: string }> {
  const organization = scene.slug
  const caller = ownerCaller(scene)
  const { webhookId } = await caller.webhooks.add({ organization, label: '', url: 'http://127.0.0.1:9/' })
  await caller.subscriptions.subscribeWebhook({ organization, webhookId, cadence: 'daily' })
  const { subscriptions } = await caller.subscriptions.list({ organization })
  return { webhookId, subscriptionId: subscriptions[0]?.id ?? '' }
}

/** An alert of a ledger that seems not to verify. */
async function raisedAlert({ services, organizationId }: Scene): Promise<string> {
  const alertId = newId()
  const since = services.clock.now().toISOString()
  await services.ledger.command(organizationId, 'system:alerts', unit =>
    unit.append({ type: 'alert', id: alertId }, 0, [
      { type: 'AlertRaised', payload: { alertId, cause: { kind: 'ledger_fails' }, since, causedAt: 0 } },
    ]),
  )
  return alertId
}
