import { and, asc, eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { events, evidence, item } from '../../db/schema/ledger.ts'
import { connection, membership, run, stagedBatch, verdict } from '../../db/schema/state.ts'
import { requiredScopes } from '../../sandbox/entra/types.ts'
import { completeAuthorization } from '../../server/connections/complete-authorization.ts'
import { revokeConnection } from '../../server/connections/manage-connection.ts'
import { isOpen } from '../../server/projections/range.ts'
import {
  connectedScene,
  type Scene,
  seedSyncedOrganization,
  signInToConnect,
  syncNow,
  useScene,
} from '../support/seed.ts'
import { until } from '../support/waiting.ts'

const hour = 3_600_000

async function eventsOf(scene: Scene) {
  const { organizationId } = scene
  return scene.services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({
        position: events.position,
        type: events.eventType,
        at: events.recordedAt,
        payload: events.payload,
      })
      .from(events)
      .where(eq(events.organizationId, organizationId))
      .orderBy(asc(events.position)),
  )
}

const typesSince = (all: Awaited<ReturnType<typeof eventsOf>>, position: number) =>
  all.filter(event => event.position > position).map(event => event.type)

describe('a first sync', async () => {
  const scene = await seedSyncedOrganization()

  test('attaches every kind, judges every control and ends with the run', async () => {
    const all = await eventsOf(scene)
    expect(all.map(event => event.position)).toEqual(all.map((_, index) => index))
    expect(all.filter(event => event.type === 'EvidenceAttached')).toHaveLength(6)
    expect(all.filter(event => event.type === 'ControlEvaluated')).toHaveLength(13)
    expect(all.at(-1)?.type).toBe('SyncSucceeded')
    for (const [index, event] of all.entries()) {
      if (index > 0) expect(event.at.getTime()).toBeGreaterThan(all[index - 1]?.at.getTime() ?? 0)
    }
  })

  test('holds the directory as a population and the successor as a job', async () => {
    const { organizationId } = scene
    const members = await scene.services.database.withOrganization(organizationId, transaction =>
      transaction
        .select({ key: membership.subjectKey })
        .from(membership)
        .where(and(isOpen(membership, organizationId), eq(membership.kind, 'user_inventory'))),
    )
    expect(members.length).toBe(scene.spec.size)
    const next = scene.jobs.at(-1)
    expect(next?.payload).toMatchObject({ connectionId: scene.connectionId, trigger: 'schedule' })
    expect(next?.startAfter?.getTime()).toBeGreaterThan(scene.clock.now().getTime() + hour / 2 - 60_000)
  })

  test('an unchanged sync reaffirms state kinds and writes no item', async () => {
    const before = await eventsOf(scene)
    scene.clock.jump(hour)
    expect(await syncNow(scene, scene.connectionId)).toBe('succeeded')
    const types = typesSince(await eventsOf(scene), before.at(-1)?.position ?? 0)
    expect(types.filter(type => type === 'EvidenceReaffirmed')).toHaveLength(5)
    expect(types.filter(type => type === 'EvidenceAttached')).toHaveLength(1)
    const items = await scene.services.database.withOrganization(scene.organizationId, transaction =>
      transaction.select({ hash: item.hash }).from(item).where(eq(item.organizationId, scene.organizationId)),
    )
    expect(items.length).toBeGreaterThan(scene.spec.size)
  })

  test('a changed directory attaches the kind that changed, with what joined, changed and left', async () => {
    const tenant = scene.entra.tenant(scene.spec.tenantId)
    tenant.setUser(5, { displayName: 'Renamed Person' })
    tenant.removeUser(6)
    scene.clock.jump(hour)
    expect(await syncNow(scene, scene.connectionId)).toBe('succeeded')
    const attached = (await eventsOf(scene)).findLast(
      event => event.type === 'EvidenceAttached' && JSON.parse(event.payload).kind === 'user_inventory',
    )
    expect(JSON.parse(attached?.payload ?? '{}').changes).toEqual({ joined: 0, changed: 1, left: 1 })
  })

  test('a kind that fails leaves the others, and the run is partly', async () => {
    scene.entra
      .tenant(scene.spec.tenantId)
      .fault({ path: '/identity/conditionalAccess/policies', kind: 'html-200' })
    scene.clock.jump(hour)
    expect(await syncNow(scene, scene.connectionId)).toBe('partly')
    const own = (await eventsOf(scene)).filter(event => event.type !== 'AlertRaised')
    expect(own.at(-1)?.type).toBe('SyncPartlySucceeded')
    const rows = await scene.services.database.withOrganization(scene.organizationId, transaction =>
      transaction
        .select({ verdict: verdict.verdict, reasons: verdict.reasons })
        .from(verdict)
        .where(and(isOpen(verdict, scene.organizationId), eq(verdict.controlId, 'AC-16'))),
    )
    expect(rows).toMatchObject([{ verdict: 'fail' }])
    scene.entra.tenant(scene.spec.tenantId).clearFaults()
  })

  test('a secret that expired asks for a person once and stops the hourly run', async () => {
    const tenant = scene.entra.tenant(scene.spec.tenantId)
    tenant.setSecret({ value: 'another~secret.value', expiresAt: new Date('2026-01-01T00:00:00Z') })
    scene.clock.jump(hour)
    const jobs = scene.jobs.length
    expect(await syncNow(scene, scene.connectionId)).toBe('refused')
    expect(await syncNow(scene, scene.connectionId)).toBe('nothing_to_do')
    expect(scene.jobs.length).toBe(jobs)
    const [row] = await scene.services.database.withOrganization(scene.organizationId, transaction =>
      transaction.select().from(connection).where(isOpen(connection, scene.organizationId)),
    )
    expect(row).toMatchObject({ status: 'needs_attention', attention: { remedy: 'fix_application' } })
    const [collector] = await scene.services.database.withOrganization(scene.organizationId, transaction =>
      transaction
        .select({ verdict: verdict.verdict, reasons: verdict.reasons })
        .from(verdict)
        .where(and(isOpen(verdict, scene.organizationId), eq(verdict.controlId, 'AC-16'))),
    )
    expect(collector).toMatchObject({
      verdict: 'fail',
      reasons: expect.arrayContaining([expect.objectContaining({ code: 'credential_refused' })]),
    })
  })
})

describe('a permission that is not granted', async () => {
  const scene = await useScene()
  const missing = 'IdentityRiskyUser.Read.All'
  const back = await signInToConnect(scene)
  scene.entra.tenant(scene.spec.tenantId).setGrantedScopes(requiredScopes.filter(scope => scope !== missing))
  const connected = await completeAuthorization(scene.services, scene.browser, back.searchParams)

  test('keeps its kind out and lets the others come', async () => {
    if (connected.outcome !== 'connected') throw new Error(JSON.stringify(connected))
    expect(await syncNow(scene, connected.connectionId)).toBe('partly')
    const unavailable = (await eventsOf(scene)).filter(event => event.type === 'EvidenceUnavailable')
    expect(unavailable.map(event => JSON.parse(event.payload))).toMatchObject([
      { kind: 'risky_users', reason: 'scope' },
    ])
  })
})

describe('a connection revoked while it syncs', async () => {
  const scene = await useScene()
  const connectionId = await connectedScene(scene)

  test('loses the run: nothing is attached after the revocation, nothing is left staged', async () => {
    const { organizationId, services, userId } = scene
    scene.entra.tenant(scene.spec.tenantId).fault({ path: '/riskyUsers', kind: 'slow', delayMs: 1_500 })
    const syncing = syncNow(scene, connectionId)
    await until(async () => {
      const rows = await services.database.withOrganization(organizationId, transaction =>
        transaction
          .select({ batch: stagedBatch.batch })
          .from(stagedBatch)
          .where(and(eq(stagedBatch.organizationId, organizationId), eq(stagedBatch.kind, 'user_inventory'))),
      )
      return rows.length > 0
    })
    await revokeConnection(services, { organizationId, connectionId, userId })
    expect(await syncing).toBe('lost')
    const types = (await eventsOf(scene)).map(event => event.type)
    expect(types).not.toContain('EvidenceAttached')
    expect(types.filter(type => type === 'ConnectionRevoked' || type === 'SyncFailed')).toEqual([
      'ConnectionRevoked',
      'SyncFailed',
    ])
    const staged = await services.database.withOrganization(organizationId, transaction =>
      transaction.select().from(stagedBatch).where(eq(stagedBatch.organizationId, organizationId)),
    )
    expect(staged).toEqual([])
  })
})

test.each(['none', 'P1', 'P2'] as const)(
  'a kind that is empty from the start is evidence of nothing there, then the same again (licence %s)',
  async licence => {
    const scene = await useScene({ licence, policies: [] })
    const connectionId = await connectedScene(scene)
    expect(await syncNow(scene, connectionId)).toBe('succeeded')
    scene.clock.jump(hour)
    expect(await syncNow(scene, connectionId)).toBe('succeeded')
    const ofPolicies = (await eventsOf(scene)).filter(
      ({ payload }) => JSON.parse(payload).kind === 'conditional_access_policies',
    )
    expect(ofPolicies.map(({ type }) => type)).toEqual(['EvidenceAttached', 'EvidenceReaffirmed'])
    expect(JSON.parse(ofPolicies[0]?.payload ?? '{}')).toMatchObject({ itemCount: 0 })
  },
)

describe('a run whose process died', async () => {
  const scene = await useScene()
  const connectionId = await connectedScene(scene)

  test('is ended as interrupted by the next one, which completes', async () => {
    const { organizationId } = scene
    // As a killed worker leaves it: the start is recorded, the lease runs out.
    const { startRun } = await import('../../server/evidence/start-run.ts')
    const started = await startRun(scene.services, {
      organizationId,
      connectionId,
      trigger: 'schedule',
      dueAt: null,
    })
    expect(await syncNow(scene, connectionId)).toBe('nothing_to_do')
    await scene.services.database.withOrganization(organizationId, transaction =>
      transaction.execute(
        `update state.sync_schedule set lease_until = statement_timestamp() - interval '1 s' where organization_id = '${organizationId}'`,
      ),
    )
    expect(await syncNow(scene, connectionId)).toBe('succeeded')
    const runs = await scene.services.database.withOrganization(organizationId, transaction =>
      transaction
        .select({ id: run.id, outcome: run.outcome })
        .from(run)
        .where(eq(run.organizationId, organizationId))
        .orderBy(asc(run.startedPosition)),
    )
    expect(runs).toMatchObject([{ id: started?.runId, outcome: 'failed' }, { outcome: 'succeeded' }])
  })

  test('evidence rows name their event', async () => {
    const rows = await scene.services.database.withOrganization(scene.organizationId, transaction =>
      transaction
        .select({ id: evidence.id, type: events.eventType })
        .from(evidence)
        .innerJoin(
          events,
          and(eq(events.organizationId, scene.organizationId), eq(events.position, evidence.position)),
        )
        .where(eq(evidence.organizationId, scene.organizationId)),
    )
    expect(rows.length).toBe(6)
    expect(new Set(rows.map(row => row.type))).toEqual(new Set(['EvidenceAttached']))
  })
})
