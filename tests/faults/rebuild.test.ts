import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { systemClock } from '../../server/clock.ts'
import { createLedger } from '../../server/ledger/ledger.ts'
import { project } from '../../server/projections/project.ts'
import { rebuildProjections } from '../../server/projections/rebuild/rebuild.ts'
import type { Progress } from '../../server/projections/rebuild/replay-step.ts'
import { playPopulations } from '../bench/past/populations.ts'
import { errorOf } from '../support/entra.ts'
import { actor, appendTo, openOrganization, useLedger } from '../support/ledger.ts'

/** A process that rebuilds, says so after its first step, and comes no further. */
const program = `
import { Database } from './db/client.ts'
import { systemClock } from './server/clock.ts'
import { rebuildProjections } from './server/projections/rebuild/rebuild.ts'
const [url, organizationId] = process.argv.slice(1)
const database = new Database(url)
await rebuildProjections({ database, clock: systemClock }, {
  organizationId,
  isCheck: false,
  onProgress: ({ applied }) => {
    console.log(applied)
    return new Promise(() => setInterval(() => undefined, 1_000))
  },
})
`

const { db, ledger } = await useLedger({ clock: systemClock })
const admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())
const services = { database: db.database, clock: systemClock }

/** An organization with more events than one step takes. */
async function openLarge(): Promise<string> {
  const organizationId = await openOrganization(ledger, { simulated: false })
  await ledger.command(organizationId, actor, unit => appendTo(unit, randomUUID(), 'any', 5_500))
  return organizationId
}

const rowsBeside = async (organizationId: string) => {
  const rows = await admin`select from rebuild.organization_profile where organization_id = ${organizationId}`
  return rows.length
}

async function rebuild(organizationId: string) {
  const seen: Progress[] = []
  const outcome = await rebuildProjections(services, {
    organizationId,
    isCheck: false,
    onProgress: progress => void seen.push(progress),
  })
  return { seen, ...outcome }
}

test('a rebuild that was killed is gone on with once its lease is over; until then another is refused', async () => {
  const organizationId = await openLarge()
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', program, db.appUrl, organizationId],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [line] = await once(createInterface(child.stdout), 'line')
  expect(line).toBe('4999')
  child.kill('SIGKILL')
  await once(child, 'exit')

  expect(await errorOf(rebuild(organizationId))).toMatchObject({
    code: 'conflict',
    userMessage: expect.stringContaining('try again in a minute'),
  })
  await admin`update state.projection_rebuild set lease_until = now() where organization_id = ${organizationId}`
  expect(await rowsBeside(organizationId)).toBe(1)
  const { seen, position, differences } = await rebuild(organizationId)
  expect(seen).toEqual([{ applied: 5_500, last: 5_500, within: null }])
  expect({ position, differences }).toEqual({ position: 5_500, differences: {} })
  expect(await rowsBeside(organizationId)).toBe(0)
})

test('a rebuild that was told to stop is gone on with at once', async () => {
  const organizationId = await openLarge()
  const stopping = new AbortController()
  const stopped = rebuildProjections(services, {
    organizationId,
    isCheck: false,
    signal: stopping.signal,
    onProgress: () => stopping.abort(new Error('the worker is shutting down')),
  })
  await expect(stopped).rejects.toThrow('the worker is shutting down')
  expect((await rebuild(organizationId)).seen).toEqual([{ applied: 5_500, last: 5_500, within: null }])
})

test('what another version of the projections replayed is begun anew', async () => {
  const organizationId = await openLarge()
  await admin`
    insert into state.projection_rebuild (organization_id, id, started_at, status, version, applied_position)
    values (${organizationId}, ${randomUUID()}, now(), 'running', 0, 4999)`
  await admin`
    insert into rebuild.member (organization_id, user_id, from_position, role, since)
    values (${organizationId}, ${randomUUID()}, 1, 'owner', now())`
  const { seen, differences } = await rebuild(organizationId)
  expect(seen.map(progress => progress.applied)).toEqual([4_999, 5_500])
  expect(differences).toEqual({})
})

test('a rebuild that was taken over changes nothing more', async () => {
  const organizationId = await openLarge()
  const overtaken = rebuildProjections(services, {
    organizationId,
    isCheck: false,
    onProgress: async ({ applied }) => {
      if (applied !== 4_999) return
      await admin`update state.projection_rebuild set lease_until = now() where organization_id = ${organizationId}`
      expect(await rebuild(organizationId)).toMatchObject({ position: 5_500, differences: {} })
    },
  })
  expect(await errorOf(overtaken)).toMatchObject({
    code: 'conflict',
    userMessage: expect.stringContaining('another process took it over'),
  })
})

test('what comes while a rebuild is about to end is replayed by steps, however much it is', async () => {
  const organizationId = await openLarge()
  const seen: Progress[] = []
  const { position, differences } = await rebuildProjections(services, {
    organizationId,
    isCheck: true,
    deltasPerStep: 2_500,
    onProgress: async progress => {
      seen.push(progress)
      if (progress.applied === 5_500) {
        await ledger.command(organizationId, actor, unit => appendTo(unit, randomUUID(), 'any', 501))
      }
      if (progress.applied === 6_001 && progress.within === null)
        await playPopulations(ledger, organizationId, { subjects: 5_001, times: 1 })
    },
  })
  expect(seen.map(({ applied, within }) => [applied, within !== null])).toEqual([
    [4_999, false],
    [5_500, false],
    [6_001, false],
    [6_001, true],
    [6_002, false],
  ])
  expect({ position, differences }).toEqual({ position: 6_002, differences: {} })
})

test('a command that waits until its time is over is decided anew, and recorded at a time of now', async () => {
  const organizationId = await openOrganization(ledger, { simulated: false })
  // As if it had waited for four of the five seconds already.
  const late = { ...systemClock, now: () => new Date(Date.now() - 4_000) }
  const lateLedger = createLedger({ database: db.database, clock: late, project })
  let waiting: ReturnType<typeof lateLedger.command> | undefined
  await admin.begin(async transaction => {
    await transaction`select from ledger.head where organization_id = ${organizationId} for share`
    waiting = lateLedger.command(organizationId, actor, unit => appendTo(unit, randomUUID()))
    await setTimeout(1_200)
  })
  expect(await waiting).toEqual([expect.objectContaining({ position: 1 })])
})
