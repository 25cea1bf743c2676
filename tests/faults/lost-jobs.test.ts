import { expect, test } from 'vitest'
import { runRebuildCommand } from '../../jobs/rebuild-command.ts'
import { sweepOverdue } from '../../server/connections/sweep.ts'
import { syncConnection } from '../../server/evidence/sync-connection.ts'
import { sealNow } from '../../server/ledger/seal-log.ts'
import { rebuildProjections } from '../../server/projections/rebuild/rebuild.ts'
import { requestRebuild } from '../../server/projections/rebuild/requested.ts'
import { type JobName, jobSchemas } from '../../server/queue.ts'
import { ownerCaller } from '../support/caller.ts'
import { startReceiver } from '../support/receiver.ts'
import { connectedScene, syncNow, useScene } from '../support/seed.ts'
import { useSoundness } from '../support/soundness.ts'

/*
 * On a distributed database events and state are committed by a worker node, the row of a job by the coordinator: one
 * that crashes in between loses the job, never the event. Here every command commits, and what it enqueued is lost.
 */
const minute = 60_000
const hour = 60 * minute

const scene = await useScene()
const { services, clock, jobs, seals, organizationId, slug: organization } = scene
const owner = ownerCaller(scene)
const { expectWhole, expectReplayed } = useSoundness(scene)

function loseJobs() {
  jobs.length = 0
  seals.length = 0
}

const found = (name: JobName) => [...jobs, ...seals].filter(job => job.name === name)

/** What the queue would do with the hourly syncs that wait by now, one after the other. */
async function runSyncs(connectionId: string) {
  const outcomes: string[] = []
  for (const { payload } of found('sync').splice(0)) {
    const job = jobSchemas.sync.parse(payload)
    if (job.connectionId === connectionId)
      outcomes.push(await syncConnection(services, job, new AbortController().signal))
  }
  return outcomes
}

const connectionId = await connectedScene(scene)

test('a connection whose first sync was lost is synced, once, however often the sweep looks before it is', async () => {
  loseJobs()
  // Its own slot comes within the hour, or one later.
  clock.jump(2 * hour)
  expect(await sweepOverdue(services)).toBeGreaterThan(0)
  await sweepOverdue(services)
  expect(await runSyncs(connectionId)).toEqual(['succeeded', 'nothing_to_do'])
})

test('a sync whose end was committed and whose successor was lost has one all the same, and one alone', async () => {
  expect(found('sync').length).toBeGreaterThan(0)
  loseJobs()
  // Not yet due: nothing is missing that anybody could know of.
  await sweepOverdue(services)
  expect(found('sync')).toEqual([])
  clock.jump(2 * hour)
  await sweepOverdue(services)
  await sweepOverdue(services)
  expect(await runSyncs(connectionId)).toEqual(['succeeded', 'nothing_to_do'])
  loseJobs()
  await sweepOverdue(services)
  expect(found('sync')).toEqual([])
})

test('a seal and a checkpoint’s delivery are found', async () => {
  loseJobs()
  await sweepOverdue(services)
  expect(found('seal')).toHaveLength(1)
  const { origin } = await startReceiver()
  const webhook = { organization, label: 'receiver', url: `${origin}/hook`, format: 'standard' as const }
  const { webhookId } = await owner.webhooks.add(webhook)
  await owner.subscriptions.subscribeWebhook({ organization, webhookId, cadence: 'hourly' })
  await sealNow(services, organizationId)
  loseJobs()
  await sweepOverdue(services)
  expect(found('deliver-checkpoint')).toHaveLength(1)
})

test('the delivery of an alert is found', async () => {
  scene.entra.tenant(scene.spec.tenantId).revokeSessions()
  clock.jump(hour)
  expect(await syncNow(scene, connectionId)).toBe('refused')
  expect(found('deliver-alerts')).toHaveLength(1)
  loseJobs()
  await sweepOverdue(services)
  expect(found('deliver-alerts')).toHaveLength(1)
})

test('a look at a connection that turns stale is not missed: the sweep itself looks', async () => {
  loseJobs()
  clock.jump(7 * hour)
  await sweepOverdue(services)
  await sweepOverdue(services)
  const { events } = await owner.ledger.events({ organization, type: 'ConnectionBecameStale' })
  expect(events).toHaveLength(1)
})

test('the work on keys and a purge are found', async () => {
  await owner.keys.rotate({ organization })
  loseJobs()
  await sweepOverdue(services)
  expect(found('renew-secrets')).toHaveLength(1)
  expect(found('purge')).toHaveLength(1)
})

test('a verification that nobody took up is found while somebody waits for it, and not before its silence', async () => {
  await owner.ledger.verify({ organization })
  loseJobs()
  await sweepOverdue(services)
  expect(found('verify-ledger')).toEqual([])
  clock.jump(11 * minute)
  await sweepOverdue(services)
  expect(found('verify-ledger')).toHaveLength(1)
  loseJobs()
  clock.jump(24 * hour)
  await sweepOverdue(services)
  expect(found('verify-ledger')).toEqual([])
})

test.each([
  ['a rebuild', false],
  ['a comparison', true],
])('%s that was left to the workers is found for a day, until one has ended', async (_, isCheck) => {
  const ask = () =>
    runRebuildCommand(
      services,
      { slug: organization, isCheck, isQueued: true },
      { print: () => undefined, signal: new AbortController().signal },
    )
  const sweepFinds = async () => {
    loseJobs()
    await sweepOverdue(services)
    return found('rebuild-projections').map(({ payload }) => payload)
  }
  await ask()
  await ask()
  expect(await sweepFinds()).toEqual([])
  clock.jump(11 * minute)
  expect(await sweepFinds()).toEqual([{ organizationId, isCheck }])
  await rebuildProjections(services, {
    organizationId,
    isCheck,
    // Somebody has it at hand.
    onProgress: async () => expect(await sweepFinds()).toEqual([]),
  })
  expect(await sweepFinds()).toEqual([])
  await ask()
  clock.jump(25 * hour)
  expect(await sweepFinds()).toEqual([])
})

test('a comparison answers nobody who asked for a rebuild', async () => {
  await services.database.withOrganization(organizationId, transaction =>
    requestRebuild(services, transaction, { organizationId, isCheck: false }),
  )
  clock.jump(11 * minute)
  await rebuildProjections(services, { organizationId, isCheck: true })
  loseJobs()
  await sweepOverdue(services)
  expect(found('rebuild-projections')).toHaveLength(1)
  await rebuildProjections(services, { organizationId, isCheck: false })
})

test('after all of it the ledger is whole and every projection equals a replay', async () => {
  await expectWhole(organizationId)
  await expectReplayed(organizationId)
})
