import { and, eq } from 'drizzle-orm'
import { expect } from 'vitest'
import { assessment, assessmentEvidence, connection, syncSchedule } from '../../../db/schema/state.ts'
import { readOpenAlerts } from '../../../server/alerts/open-alerts.ts'
import { listExceptions } from '../../../server/decisions/list-exceptions.ts'
import { evidenceKind } from '../../../server/domain/evidence/kinds.ts'
import { readEventsOf } from '../../../server/ledger/read.ts'
import type { RecordedEvent } from '../../../server/ledger/recorded-event.ts'
import { isOpen } from '../../../server/projections/range.ts'
import { useSoundness } from '../../support/soundness.ts'
import { directoryOf, type World } from '../../support/world.ts'
import { afterRun, type Model, outcomeNow, stateOfException } from './model.ts'

/** Takes the runs that ended since the last look into the model: each must have come to what the model says. */
export async function followRuns(model: Model, world: World): Promise<{ ended: number }> {
  const { organizationId, services, seenUpTo } = world
  const events = await services.database.withOrganization(organizationId, transaction =>
    readEventsOf(transaction, organizationId, ['SyncStarted', ...endTypes], {}),
  )
  const daily = new Set<string>()
  let ended = 0
  for (const event of events) {
    if (event.type === 'SyncStarted') {
      const { kinds, runId } = event.payload
      if (kinds.every(kind => evidenceKind(kind).cadence === 'daily')) daily.add(runId)
    }
    const end = endOf(event)
    if (!end || event.position <= seenUpTo) continue
    if (end.cause === 'interrupted')
      expect({ interrupted: event.position }).toEqual(model.isUnsettled && { interrupted: event.position })
    const isOf = ({ connectionId }: World['directories'][number]) => connectionId === end.connectionId
    const directory = model.directories[world.directories.findIndex(isOf)]
    // What became of a connection's last run is told by its revocation.
    if (!directory || end.cause === 'interrupted') continue
    const isDaily = daily.has(end.runId)
    const due = outcomeNow(model, isDaily ? { ...directory, isBroken: false } : directory)
    expect({ run: event.position, came: end.came }).toEqual({ run: event.position, came: due })
    afterRun(model, directory, isDaily)
    ended += 1
  }
  world.seenUpTo = events.at(-1)?.position ?? -1
  return { ended }
}

const endTypes = ['SyncSucceeded', 'SyncPartlySucceeded', 'SyncFailed'] as const

function endOf(event: RecordedEvent) {
  switch (event.type) {
    case 'SyncSucceeded':
      return { ...event.payload, came: 'succeeded', cause: null }
    case 'SyncPartlySucceeded':
      return { ...event.payload, came: 'partly', cause: null }
    case 'SyncFailed':
      return { ...event.payload, came: 'failed' }
    default:
      return null
  }
}

/** What every event told so far goes into: the ledger verifies, and a replay of it comes to the projections as they are. */
export async function expectVerifiedAndReplayed(world: World): Promise<void> {
  const sound = useSoundness(world)
  await sound.expectVerified(world.organizationId)
  await sound.expectReplayed(world.organizationId)
}

/** Every other invariant, and that the product stands where the model does. */
export async function expectAgreement(model: Model, world: World): Promise<void> {
  const { organizationId } = world
  const sound = useSoundness(world)
  await sound.expectWhole(organizationId)
  await sound.expectAlerts(organizationId)
  const { instant, ...standing } = await standingOf(world)
  expect(standing).toEqual(expectedOf(model, instant))
  if (model.isUnsettled) return
  await sound.expectTidy(organizationId)
  await expectNothingStuck(model, world)
}

const expectedOf = (model: Model, instant: Date) => ({
  directories: model.directories.map(({ status, remedy }) => ({ status, remedy })),
  // One open alert for each connection that waits for a person.
  waiting: model.directories.flatMap(({ status, remedy }, index) =>
    status === 'needs_attention' ? [{ index, remedy }] : [],
  ),
  exceptions: model.exceptions.map(each => stateOfException(each, instant.getTime())),
  assessments: model.assessments,
})

async function standingOf(world: World) {
  const { organizationId, services } = world
  const indexOf = (id: string) => world.directories.findIndex(({ connectionId }) => connectionId === id)
  return services.ledger.query(organizationId, { kind: 'now' }, async (transaction, asOf) => {
    const connections = await transaction
      .select({ id: connection.id, status: connection.status, attention: connection.attention })
      .from(connection)
      .where(isOpen(connection, organizationId))
    const alerts = await readOpenAlerts(transaction, organizationId)
    const exceptions = await listExceptions(services, transaction, organizationId, asOf, {})
    const assessments = await transaction
      .select({ id: assessment.id, status: assessment.status })
      .from(assessment)
      .where(isOpen(assessment, organizationId))
    return {
      instant: asOf.instant,
      directories: world.directories.map(({ connectionId }) => {
        const row = connections.find(({ id }) => id === connectionId)
        return row && row.status !== 'revoked'
          ? { status: row.status, remedy: row.attention?.remedy ?? null }
          : { status: 'none', remedy: null }
      }),
      waiting: alerts
        .flatMap(({ cause }) =>
          cause.kind === 'authorization_required'
            ? [{ index: indexOf(cause.connectionId), remedy: cause.remedy }]
            : [],
        )
        .sort((one, other) => one.index - other.index),
      exceptions: world.exceptionIds.map(
        id => exceptions.find(({ exceptionId }) => exceptionId === id)?.state ?? 'unknown',
      ),
      assessments: await Promise.all(
        world.assessments.map(async ({ id }) => {
          const attached = await transaction
            .select({ id: assessmentEvidence.attachmentId })
            .from(assessmentEvidence)
            .where(and(isOpen(assessmentEvidence, organizationId), eq(assessmentEvidence.assessmentId, id)))
          const status = assessments.find(each => each.id === id)?.status ?? 'unknown'
          return { status, attached: attached.length }
        }),
      ),
    }
  })
}

/**
 * Of each connection that is read, the next run of each cadence waits in the queue for the very slot that its schedule
 * names; and no job is left where nobody takes it. Seals that the key service failed for are the sweep's.
 */
async function expectNothingStuck(model: Model, world: World): Promise<void> {
  const { organizationId, services } = world
  const jobs = await world.driver.jobs()
  const stuck = jobs.filter(
    ({ state, name }) => state === 'active' || (state === 'failed' && name !== 'seal'),
  )
  expect(stuck).toEqual([])
  const schedules = await services.database.withOrganization(organizationId, transaction =>
    transaction.select().from(syncSchedule).where(eq(syncSchedule.organizationId, organizationId)),
  )
  for (const [index, { status }] of model.directories.entries()) {
    if (status !== 'connected') continue
    const { connectionId } = directoryOf(world, index)
    for (const [cadence, name] of [
      ['hourly', 'sync'],
      ['daily', 'sync-daily'],
    ] as const) {
      const dueAt = schedules.find(row => row.connectionId === connectionId && row.cadence === cadence)?.dueAt
      const waiting = jobs.filter(
        ({ state, data, ...job }) =>
          job.name === name && ['created', 'retry'].includes(state) && data.connectionId === connectionId,
      )
      const slots = waiting.map(({ data }) => data.dueAt)
      expect({ cadence, index, slots }).toMatchObject({
        slots: expect.arrayContaining([dueAt?.toISOString()]),
      })
    }
  }
}
