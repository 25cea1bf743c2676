import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Database } from '../../db/client.ts'
import { openAssessment } from '../../server/assessments/manage-assessments.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { endLeases } from '../support/leases.ts'
import { openOfficeOn } from '../support/office-on-cluster.ts'
import { openedNames } from '../support/plant.ts'
import { syncNow } from '../support/seed.ts'
import { useSoundness } from '../support/soundness.ts'
import { until } from '../support/waiting.ts'

const canMount = process.platform === 'linux' && process.getuid?.() === 0
const closing: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const close of closing.reverse()) await close()
})

test.skipIf(!canMount)(
  'a full disk under PostgreSQL refuses what cannot be written and loses nothing (needs root on Linux, for a file system of its own)',
  async () => {
    const { disk, cluster } = await startOnSmallDisk()
    const office = await openOfficeOn(cluster, close => closing.push(close))
    const { services, organizationId, tenant, clock, connectionId } = office
    expect(await syncNow(office, connectionId)).toBe('succeeded')
    const period = { from: new Date('2025-01-01'), to: new Date('2025-01-31') }
    const open = (name: string) =>
      openAssessment(services, office.actor, { name, period, controls: ['AC-02'] })

    disk.fill()
    clock.jump(3_600_000)
    for (let user = 2; user < 30; user += 1) tenant.setUser(user, { displayName: `${user} `.repeat(60) })
    const ended = await syncNow(office, connectionId).catch(() => 'threw')
    expect(ended).not.toBe('succeeded')
    const acknowledged: string[] = []
    const attempted: string[] = []
    await until(async () => {
      const name = `Assessment ${attempted.length + 1}`
      attempted.push(name)
      return open(name).then(
        () => acknowledged.push(name) > 5_000,
        () => true,
      )
    })

    disk.free()
    await untilServing(cluster, services.database)
    clock.jump(3_600_000)
    await until(async () => {
      // As time does: the lease of a run that broke off runs out.
      await endLeases(office)
      return (await syncNow(office, connectionId)) === 'succeeded'
    })
    await open('Afterwards')
    const names = await openedNames(office)
    expect(new Set(names).size).toBe(names.length)
    expect([...acknowledged, 'Afterwards'].filter(name => !names.includes(name))).toEqual([])
    await useSoundness(office).expectSound(organizationId)
  },
  180_000,
)

/** A PostgreSQL on a file system of its own, in memory, and what fills it to its last block. */
async function startOnSmallDisk() {
  const home = mkdtempSync(join(tmpdir(), 'attestry-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300m,mode=755', 'tmpfs', home])
  closing.push(async () => {
    execFileSync('umount', ['--lazy', home])
    rmSync(home, { recursive: true, force: true })
  })
  const cluster = await startCluster(home)
  closing.push(() => cluster.end())
  const ballast = join(home, 'ballast')
  return {
    cluster,
    disk: {
      fill() {
        const { bavail, bsize } = statfsSync(home)
        writeFileSync(ballast, Buffer.alloc(Number(bavail) * Number(bsize)))
      },
      free: () => rmSync(ballast),
    },
  }
}

/** A server that could not even write its log has ended, and is started again by whoever looks after it. */
async function untilServing(cluster: Cluster, database: Database): Promise<void> {
  const isServing = () =>
    database.outsideTenant.execute('select 1').then(
      () => true,
      () => false,
    )
  for (let attempt = 1; attempt <= 50; attempt += 1) if (await isServing()) return
  await cluster.start()
  await until(isServing)
}
