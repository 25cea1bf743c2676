import { and, desc, eq } from 'drizzle-orm'
import postgres from 'postgres'
import { describe, expect, test } from 'vitest'
import { events } from '../../db/schema/ledger.ts'
import { connection, run } from '../../db/schema/state.ts'
import { completeAuthorization } from '../../server/connections/complete-authorization.ts'
import { openCredential, tokenCacheStore } from '../../server/connections/credentials.ts'
import { replaceClientSecret, revokeConnection } from '../../server/connections/manage-connection.ts'
import { CredentialRefused } from '../../server/connectors/contract.ts'
import { finishRefused, finishRun } from '../../server/evidence/finish-run.ts'
import { LeaseLost, lockSchedule } from '../../server/evidence/lease.ts'
import { startRun } from '../../server/evidence/start-run.ts'
import { isOpen } from '../../server/projections/range.ts'
import { jobSchemas } from '../../server/queue.ts'
import { Secret } from '../../server/vault/secret.ts'
import { afterwards } from '../support/afterwards.ts'
import { clientSecret } from '../support/entra.ts'
import {
  connectedScene,
  type Scene,
  seedSyncedOrganization,
  signInToConnect,
  signInToReauthorize,
  syncNow,
  useScene,
} from '../support/seed.ts'
import { closedGate, untilWaiting } from '../support/waiting.ts'

const inOrganization = <T>(
  { services, organizationId }: Scene,
  work: Parameters<typeof services.database.withOrganization<T>>[1],
) => services.database.withOrganization(organizationId, work)

const openConnections = (scene: Scene) =>
  inOrganization(scene, transaction =>
    transaction
      .select({ id: connection.id, status: connection.status })
      .from(connection)
      .where(isOpen(connection, scene.organizationId)),
  )

const lastEvents = (scene: Scene, count: number) =>
  inOrganization(scene, async transaction => {
    const rows = await transaction
      .select({ type: events.eventType, payload: events.payload })
      .from(events)
      .where(eq(events.organizationId, scene.organizationId))
      .orderBy(desc(events.position))
      .limit(count)
    return rows.reverse()
  })

const begin = async (scene: Scene, connectionId: string) => {
  const { organizationId, services } = scene
  const started = await startRun(services, { organizationId, connectionId, trigger: 'manual', dueAt: null })
  if (!started) throw new Error('the run did not start')
  return started
}

const replaceSecret = (scene: Scene, connectionId: string) =>
  replaceClientSecret(
    scene.services,
    { organizationId: scene.organizationId, userId: scene.userId, connectionId },
    { clientSecret, secretExpiresOn: '2026-01-01' },
  )

const refused = new CredentialRefused('fix_application', 'secret_invalid', 'The secret is wrong.')

test('of two sign-ins for one directory that come back at once, one connects', async () => {
  const scene = await useScene()
  const backs = await Promise.all([signInToConnect(scene), signInToConnect(scene), signInToConnect(scene)])
  const outcomes = await Promise.allSettled(
    backs.map(back => completeAuthorization(scene.services, scene.browser, back.searchParams)),
  )
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'conflict' })
  }
  expect(await openConnections(scene)).toHaveLength(1)
})

describe('a run that goes on with a credential that was replaced meanwhile', async () => {
  const scene = await seedSyncedOrganization()
  const { services, connectionId, organizationId } = scene

  test('says nothing of the new one when the old one is refused, and is tried again', async () => {
    const started = await begin(scene, connectionId)
    await replaceSecret(scene, connectionId)
    await finishRefused(services, started, refused)
    expect(await openConnections(scene)).toEqual([{ id: connectionId, status: 'connected' }])
    const [ended] = await inOrganization(scene, transaction =>
      transaction
        .select({ outcome: run.outcome })
        .from(run)
        .where(and(eq(run.organizationId, organizationId), eq(run.id, started.runId))),
    )
    expect(ended).toEqual({ outcome: 'failed' })
    expect(await startRun(services, jobSchemas.sync.parse(scene.jobs.at(-1)?.payload))).toMatchObject({
      connectionId,
    })
  })

  test('does not undo what the new sign-in was granted', async () => {
    const other = await useScene()
    const id = await connectedScene(other)
    const started = await begin(other, id)
    const back = await signInToReauthorize(other, id)
    await completeAuthorization(other.services, other.browser, back.searchParams)
    const grant = { granted: [], missing: ['User.Read.All'], excess: [] }
    await finishRun(other.services, started, { grant, outcomes: [] })
    expect((await lastEvents(other, 20)).map(({ type }) => type)).not.toContain('GrantedScopesChanged')
  })

  test('still asks for a person where nobody acted', async () => {
    const other = await useScene()
    const id = await connectedScene(other)
    await finishRefused(other.services, await begin(other, id), refused)
    expect(await openConnections(other)).toEqual([{ id, status: 'needs_attention' }])
  })
})

test('tokens that come back after a new sign-in, or after revoking, are dropped', async () => {
  const scene = await useScene()
  const { services, organizationId, userId } = scene
  const connectionId = await connectedScene(scene)
  const stored = async () =>
    (
      await inOrganization(scene, transaction =>
        openCredential(services, transaction, organizationId, connectionId, 'token_cache'),
      )
    )?.reveal()
  const early = tokenCacheStore(services, organizationId, connectionId)
  await early.read()
  await early.write(new Secret('rotated once'))
  await early.write(new Secret('rotated twice'))
  expect(await stored()).toBe('rotated twice')
  const back = await signInToReauthorize(scene, connectionId)
  await completeAuthorization(services, scene.browser, back.searchParams)
  const renewed = await stored()
  await early.write(new Secret('of the sign-in before'))
  expect(await stored()).toBe(renewed)
  expect(await syncNow(scene, connectionId)).toBe('succeeded')
  await revokeConnection(services, { organizationId, userId, connectionId })
  await expect(early.write(new Secret('too late'))).rejects.toBeInstanceOf(LeaseLost)
  expect(await stored()).toBeUndefined()
})

test('revoking waits for a run that is just being recorded, and neither ends the other', async () => {
  const scene = await seedSyncedOrganization()
  const { services, organizationId, userId, connectionId } = scene
  const admin = postgres(scene.db.adminUrl, { max: 1 })
  afterwards(() => admin.end())
  const [locked, revoking] = [closedGate(), closedGate()]
  const recording = services.ledger.command(organizationId, 'system:sync', async unit => {
    await lockSchedule(unit.transaction, { organizationId, connectionId, cadence: 'hourly' })
    locked.open()
    await revoking.opened
    const payload = { version: 1 }
    await unit.append({ type: 'organization', id: organizationId }, 'any', [
      { type: 'CatalogueAdopted', payload },
    ])
  })
  await locked.opened
  const revoked = revokeConnection(services, { organizationId, userId, connectionId })
  await untilWaiting(admin)
  revoking.open()
  await Promise.all([recording, revoked])
  expect(await openConnections(scene)).toEqual([{ id: connectionId, status: 'revoked' }])
})
