import { afterAll, expect, test } from 'vitest'
import { chooseWebhook } from '../../server/alerts/choose-alerts.ts'
import { alertKinds } from '../../server/domain/alert/causes.ts'
import { newestCheckpoint, readLogHead } from '../../server/ledger/checkpoints.ts'
import { readEventsOf } from '../../server/ledger/read.ts'
import { addWebhook } from '../../server/webhooks/manage-webhooks.ts'
import { startReceiver } from '../support/receiver.ts'
import { connectedScene } from '../support/seed.ts'
import { useSoundness } from '../support/soundness.ts'
import { connecting, directoryOf, openWorld } from '../support/world.ts'

const minute = 60_000
const hour = 60 * minute

const world = await openWorld()
afterAll(() => world.stop())
const receiver = await startReceiver()
const { clock, driver, kms, organizationId, smtp } = world
const { tenant } = directoryOf(world, 0)

/** Lets time pass with all that workers do in it. */
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= hour) {
    await driver.bringSweep()
    await driver.moveOn(world.services, new Date(clock.now().getTime() + Math.min(hour, left)))
    await driver.upkeep()
  }
}

const told = () =>
  world.services.database.withOrganization(organizationId, transaction =>
    readEventsOf(transaction, organizationId, ['AlertDelivered', 'AlertDeliveryFailed']),
  )

test('while key service, mail server, webhook receiver and directory are down nothing is lost, and each alert is told once when they are back', async () => {
  const { owner, services } = world
  const { webhookId } = await addWebhook(services, owner, {
    label: 'Duty',
    url: `${receiver.origin}/duty`,
    format: 'standard',
  })
  await chooseWebhook(services, owner, { webhookId, causes: alertKinds })
  await connectedScene(connecting(world, 0))
  await pass(hour)

  kms.fault({ kind: 'down' })
  smtp.refuseNext(10_000)
  receiver.status = 503
  tenant.fault({ kind: 'status', status: 503 })
  await world.restart()
  // Stale behind six hours.
  await pass(7 * hour)
  expect(await told()).toEqual([])
  // Without the key service the receiver's own secret cannot be read: no attempt was made.
  expect(receiver.received).toEqual([])

  kms.fault(null)
  await pass(hour)
  expect(receiver.received.length).toBeGreaterThan(1)
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1)

  smtp.refuseNext(0)
  receiver.status = 204
  receiver.received.length = 0
  tenant.clearFaults()
  await pass(3 * hour)
  const ids = receiver.received.map(({ id }) => id)
  expect(ids.length).toBeGreaterThan(0)
  expect(new Set(ids).size).toBe(ids.length)
  const bodies = receiver.received.map(({ body }) => JSON.parse(body))
  const causes = bodies.flatMap(({ data }) => data.alerts.map((alert: { cause: string }) => alert.cause))
  expect(causes).toContain('connection_stale')
  const mails = smtp.mails().map(({ headers }) => headers['message-id'])
  expect(mails.length).toBeGreaterThan(0)
  expect(new Set(mails).size).toBe(mails.length)
  expect((await told()).every(({ type }) => type === 'AlertDelivered')).toBe(true)
  expect(await unsealed()).toBe(0)
  expect((await driver.jobs()).filter(({ state }) => state === 'active')).toEqual([])
  await useSoundness(world).expectSound(organizationId)
}, 180_000)

/** Events that no checkpoint covers. */
const unsealed = () =>
  world.services.database.withOrganization(organizationId, async transaction => {
    const { size } = await readLogHead(transaction, organizationId)
    return size - ((await newestCheckpoint(transaction, organizationId))?.size ?? 0)
  })
