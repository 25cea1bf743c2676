import { afterAll, expect, test } from 'vitest'
import { compareCheckpoint } from '../../server/audit/compare-checkpoint.ts'
import { newestCheckpoint } from '../../server/ledger/checkpoints.ts'
import { sealNow } from '../../server/ledger/seal-log.ts'
import { startCluster } from '../support/cluster.ts'
import { openOfficeOn } from '../support/office-on-cluster.ts'
import { syncNow } from '../support/seed.ts'
import { useSoundness } from '../support/soundness.ts'
import { until } from '../support/waiting.ts'

const hour = 3_600_000
const closing: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const close of closing.reverse()) await close()
})

/* The same is left by a failover to a standby that had not got everything. */
test('a database that was restored is whole, works on, and a kept checkpoint tells what it lacks', async () => {
  const cluster = await startCluster()
  closing.push(() => cluster.end())
  const office = await openOfficeOn(cluster, close => closing.push(close))
  const { services, organizationId, connectionId, clock, tenant } = office
  const { database } = services
  expect(await syncNow(office, connectionId)).toBe('succeeded')
  await sealNow(services, organizationId)

  const backup = await cluster.backUp()
  clock.jump(hour)
  tenant.setUser(2, { displayName: 'Renamed behind the backup' })
  expect(await syncNow(office, connectionId)).toBe('succeeded')
  await sealNow(services, organizationId)
  const read = () =>
    database.withOrganization(organizationId, transaction => newestCheckpoint(transaction, organizationId))
  const kept = await read()
  if (!kept) throw new Error('nothing was sealed')

  await cluster.kill()
  await cluster.restore(backup)
  await until(() =>
    read().then(
      () => true,
      () => false,
    ),
  )
  const compared = await database.withSnapshot(organizationId, transaction =>
    compareCheckpoint(transaction, organizationId, kept.note),
  )
  expect(compared.verdict).toBe('shortened')
  expect(compared.now.size).toBeLessThan(kept.size)
  await useSoundness(office).expectSound(organizationId)

  // What the directory holds is read again, and the log goes on from where it is.
  clock.jump(hour)
  expect(await syncNow(office, connectionId)).toBe('succeeded')
  await sealNow(services, organizationId)
  expect((await read())?.size).toBeGreaterThan(compared.now.size)
  await useSoundness(office).expectSound(organizationId)
}, 180_000)
