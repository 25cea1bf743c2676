import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { rateLimits } from '../../db/schema/accounts.ts'
import { events } from '../../db/schema/ledger.ts'
import { checks } from '../../server/domain/log/checks.ts'
import { jobSchemas } from '../../server/queue.ts'
import type { Services } from '../../server/services.ts'
import { runVerification } from '../../server/verification/run-verification.ts'
import { type VerificationProgress, verifyLedger } from '../../server/verification/verify-ledger.ts'
import { auditorCaller, callerOf, newMember, ownerCaller } from '../support/caller.ts'
import { errorOf } from '../support/entra.ts'
import { intruderIn } from '../support/intruder.ts'
import { seedSealedHistory } from '../support/sealed-history.ts'

const scene = await seedSealedHistory()
const { services, jobs, organizationId, clock, admin } = scene
const caller = ownerCaller(scene)
const organization = scene.slug
const never = new AbortController().signal

beforeEach(async () => {
  await services.database.outsideTenant.delete(rateLimits)
})

/** Takes the job that was asked for last, as a worker would. */
const work = (signal = never, as: Services = services) =>
  runVerification(as, jobSchemas['verify-ledger'].parse(jobs.at(-1)?.payload), signal)

const newest = async () => (await caller.ledger.verification({ organization })).verifications[0]

const recorded = async () => {
  const rows = await services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({
        type: events.eventType,
        position: events.position,
        actor: events.actor,
        payload: events.payload,
      })
      .from(events)
      .where(eq(events.organizationId, organizationId)),
  )
  return rows.filter(row => row.type === 'LedgerVerified')
}

describe('a verification', () => {
  test('is asked for once, waits for a worker, and ends with what was found, as an event and on the page', async () => {
    const { size } = await caller.ledger.head({ organization })
    expect(await caller.ledger.verify({ organization })).toEqual({ isNew: true })
    expect(await caller.ledger.verify({ organization })).toEqual({ isNew: false })
    expect(jobs.filter(job => job.name === 'verify-ledger')).toHaveLength(1)
    expect(await newest()).toMatchObject({
      status: 'waiting',
      requestedBy: 'Ada Owner',
      requestedAt: clock.now(),
      progress: { part: 'waiting' },
      result: null,
    })
    await work()
    const ended = await newest()
    expect(ended).toMatchObject({
      status: 'done',
      explanation: null,
      finishedAt: clock.now(),
      result: { outcome: 'holds', size, position: size, counted: { checkpoints: 5, tiles: 1 } },
    })
    expect(ended?.result?.checks.map(({ sort, holds }) => [sort, holds])).toEqual(
      Object.keys(checks).map(sort => [sort, true]),
    )
    const [event, ...more] = await recorded()
    expect(more).toEqual([])
    expect(event).toMatchObject({ actor: 'system:verifier', position: size })
    expect(JSON.parse(event?.payload ?? '')).toEqual({
      outcome: 'holds',
      problems: [],
      requestedBy: scene.userId,
      root: ended?.result?.root,
      size,
    })
    const { events: found } = await caller.ledger.events({ organization, type: 'LedgerVerified' })
    expect(found[0]).toMatchObject({
      actor: { name: 'Verifier' },
      streamType: 'verification',
      words: expect.stringContaining('everything holds'),
    })
  })

  test('whose job comes a second time is not run again', async () => {
    await work()
    expect(await recorded()).toHaveLength(1)
  })

  test('that a shutdown ends is begun again by the next worker', async () => {
    clock.jump(1_000)
    await caller.ledger.verify({ organization })
    const shutdown = AbortSignal.abort(new Error('the worker is shutting down'))
    expect(await errorOf(work(shutdown))).toMatchObject({ message: 'the worker is shutting down' })
    expect(await newest()).toMatchObject({ status: 'running', result: null })
    expect(await caller.ledger.verify({ organization })).toEqual({ isNew: false })
    await work()
    expect(await newest()).toMatchObject({ status: 'done', result: { outcome: 'holds' } })
  })

  test('that breaks off on our side says so, records nothing, and can be asked for again', async () => {
    clock.jump(1_000)
    const before = (await recorded()).length
    await caller.ledger.verify({ organization })
    const ledger = {
      ...services.ledger,
      command: () => Promise.reject(new Error('the database went away')),
    }
    await work(never, { ...services, ledger })
    expect(await newest()).toMatchObject({
      status: 'broken',
      result: null,
      explanation: expect.stringContaining('says nothing about the log'),
    })
    expect(await recorded()).toHaveLength(before)
    clock.jump(1_000)
    expect(await caller.ledger.verify({ organization })).toEqual({ isNew: true })
  })

  test('that has not been heard of for long is over, and does not stand in the way of another', async () => {
    expect(await newest()).toMatchObject({ status: 'waiting' })
    clock.jump(11 * 60_000)
    expect(await newest()).toMatchObject({
      status: 'broken',
      explanation: expect.stringContaining('none took it up'),
    })
    expect(await caller.ledger.verify({ organization })).toEqual({ isNew: true })
    await work()
    expect(await newest()).toMatchObject({ status: 'done' })
  })

  test('tells how far it is, part by part', async () => {
    const { size } = await caller.ledger.head({ organization })
    const parts: VerificationProgress[] = []
    await verifyLedger({
      database: services.database,
      organizationId,
      signal: never,
      onProgress: progress => parts.push(progress),
    })
    expect([...new Set(parts.map(({ part }) => part))]).toEqual(['events', 'streams', 'items', 'rest'])
    const ofEvents = parts.filter(({ part }) => part === 'events')
    expect(ofEvents[0]).toEqual({ part: 'events', done: 0, of: size })
    expect(ofEvents.at(-1)).toEqual({ part: 'events', done: size, of: size })
    clock.jump(1_000)
    await caller.ledger.verify({ organization })
    await work()
    expect((await newest())?.progress.part).not.toBe('waiting')
  })

  test('names what does not hold, in the event as well', async () => {
    const intruder = await intruderIn(admin, organizationId)
    await intruder.change(
      `update ledger.events set actor = 'user:somebody' where organization_id = '${organizationId}' and position = 5`,
    )
    clock.jump(1_000)
    await caller.ledger.verify({ organization })
    await work()
    const ended = await newest()
    expect(ended?.result).toMatchObject({ outcome: 'fails' })
    const failed = ended?.result?.checks.filter(check => !check.holds) ?? []
    expect(failed[0]).toMatchObject({
      sort: 'events',
      position: 5,
      words: 'The event at position 5 is not what was recorded: its hash differs from its leaf.',
    })
    const last = JSON.parse((await recorded()).at(-1)?.payload ?? '')
    expect(last.problems[0]).toEqual({ sort: 'events', position: 5, words: failed[0]?.words })
  })
})

describe('who may', () => {
  test('an auditor verifies and sees how it came out; a viewer does neither', async () => {
    clock.jump(1_000)
    const period = { from: clock.now(), to: new Date(clock.now().getTime() + 86_400_000) }
    const auditor = await auditorCaller(scene, period)
    expect(await auditor.ledger.verify({ organization })).toEqual({ isNew: true })
    expect((await auditor.ledger.verification({ organization })).verifications.length).toBeGreaterThan(0)
    const viewer = callerOf(services, await newMember(scene, 'viewer'))
    await expect(viewer.ledger.verify({ organization })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(viewer.ledger.verification({ organization })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test('only so often', async () => {
    const asked = await Promise.allSettled(
      Array.from({ length: 25 }, () => caller.ledger.verify({ organization })),
    )
    const codes = asked.map(each => (each.status === 'rejected' ? each.reason.code : 'OK'))
    expect(codes).toContain('TOO_MANY_REQUESTS')
  })
})
