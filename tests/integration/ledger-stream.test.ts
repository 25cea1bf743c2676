import { beforeAll, describe, expect, it } from 'vitest'
import { isHourly } from '../../server/domain/evidence/kinds.ts'
import { leafHash } from '../../server/ledger/merkle.ts'
import type { Caller } from '../../server/trpc/router.ts'
import { auditorCaller, callerOf, ownerCaller } from '../support/caller.ts'
import { type Scene, seedSecondOrganization, seedSyncedOrganization, syncNow } from '../support/seed.ts'

const hour = 3_600_000
let scene: Scene & { connectionId: string }
let caller: Caller
let organization: string

beforeAll(async () => {
  scene = await seedSyncedOrganization({ size: 30 })
  caller = ownerCaller(scene)
  organization = scene.slug
  scene.clock.jump(hour)
  scene.entra.tenant(scene.spec.tenantId).setUser(5, { accountEnabled: false })
  await syncNow(scene, scene.connectionId)
  // Long enough for evidence to become stale and to expire before the next run.
  scene.clock.jump(26 * hour)
  for (let run = 0; run < 8; run++) {
    await syncNow(scene, scene.connectionId)
    scene.clock.jump(hour)
  }
})

async function everyEvent(filters: object = {}) {
  const found = []
  let page = await caller.ledger.events({ organization, ...filters })
  found.push(...page.events)
  while (page.next !== null) {
    page = await caller.ledger.events({ organization, ...filters, before: page.next })
    found.push(...page.events)
  }
  return found
}

describe('the event stream', () => {
  it('is complete and gapless over its pages, newest first, and every event says something', async () => {
    const { newestPosition } = await caller.ledger.head({ organization })
    const all = await everyEvent()
    expect(all.map(event => event.position)).toEqual(
      Array.from({ length: newestPosition + 1 }, (_, index) => newestPosition - index),
    )
    for (const { words, typeWords } of all) {
      expect(words).toMatch(/\S.*[.?!]$/)
      expect(typeWords).not.toMatch(/[a-z][A-Z]/)
    }
    expect(new Set(all.map(event => event.actor.name))).toEqual(new Set(['Ada Owner', 'Alerts', 'Collector']))
  })

  it('filters by stream, type, actor and time, alone and together', async () => {
    const all = await everyEvent()
    const some = all.find(event => event.type === 'EvidenceAttached')
    const half = all[Math.floor(all.length / 2)]?.recordedAt.toISOString() ?? ''
    const cases = [
      [{ streamType: 'connection' }, event => event.streamType === 'connection'],
      [{ type: 'ControlEvaluated' }, event => event.type === 'ControlEvaluated'],
      [{ actor: 'system:sync' }, event => event.actor.id === 'system:sync'],
      [{ streamId: some?.streamId }, event => event.streamId === some?.streamId],
      [{ from: half }, event => event.recordedAt.toISOString() >= half],
      [
        { to: half, type: 'SyncStarted' },
        event => event.recordedAt.toISOString() < half && event.type === 'SyncStarted',
      ],
      [{ type: '', actor: '', streamType: '', from: '', to: '' }, () => true],
    ] as [object, (event: (typeof all)[number]) => boolean][]
    for (const [filters, isMeant] of cases) {
      const found = await everyEvent(filters)
      expect(found.length).toBeGreaterThan(0)
      expect(found).toEqual(all.filter(isMeant))
    }
  })

  it('shows nothing later than the moment that is asked for', async () => {
    const { events } = await caller.ledger.events({ organization, asOf: '5' })
    expect(events[0]?.position).toBe(5)
  })

  it('refuses filters that nothing can answer, in words by field', async () => {
    for (const filters of [{ type: 'Nothing' }, { streamType: 'nothing' }, { from: 'yesterday' }]) {
      await expect(caller.ledger.events({ organization, ...filters })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
      })
    }
  })
})

describe('one event', () => {
  it('comes with its envelope, whose hash is the leaf that was recorded', async () => {
    for (const { position, leafHash: recorded } of await everyEvent()) {
      const detail = await caller.ledger.event({ organization, position })
      expect(detail.isIntact).toBe(true)
      expect(leafHash(Buffer.from(detail.envelope)).toString('hex')).toBe(recorded)
      expect(JSON.parse(detail.envelope).payloadSha256).toBe(detail.payloadSha256)
      expect(JSON.parse(detail.canonicalPayload)).toEqual(JSON.parse(detail.event.payload))
    }
  })

  it('names its neighbours in the stream, as they were known', async () => {
    const stream = (await everyEvent({ type: 'SyncStarted' })).at(0)
    const of = await caller.ledger.event({ organization, position: stream?.position ?? 0 })
    expect(of.previousInStream).toBeNull()
    expect(of.nextInStream).toBeGreaterThan(of.event.position)
    const then = await caller.ledger.event({
      organization,
      position: of.event.position,
      asOf: String(of.event.position),
    })
    expect(then.nextInStream).toBeNull()
  })

  it('is not found where there is none, where it came later, and in another organization', async () => {
    const { newestPosition } = await caller.ledger.head({ organization })
    const notFound = { code: 'NOT_FOUND' }
    await expect(caller.ledger.event({ organization, position: newestPosition + 1 })).rejects.toMatchObject(
      notFound,
    )
    await expect(caller.ledger.event({ organization, position: 9, asOf: '8' })).rejects.toMatchObject(
      notFound,
    )
    const stranger = ownerCaller(await seedSecondOrganization(scene))
    await expect(stranger.ledger.events({ organization })).rejects.toMatchObject(notFound)
    await expect(stranger.ledger.event({ organization, position: 1 })).rejects.toMatchObject(notFound)
    await expect(stranger.ledger.stops({ organization })).rejects.toMatchObject(notFound)
    await expect(stranger.ledger.head({ organization })).rejects.toMatchObject(notFound)
    const nobody = callerOf(scene.services, null)
    await expect(nobody.ledger.events({ organization })).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })
})

describe('the stops of the slider', () => {
  it('are what mattered, in order, and each resolves to itself', async () => {
    const { stops } = await caller.ledger.stops({ organization })
    expect(stops.length).toBeGreaterThan(3)
    expect(stops.map(stop => stop.at.getTime())).toEqual(
      stops.map(stop => stop.at.getTime()).sort((a, b) => a - b),
    )
    for (const stop of stops) {
      const { asOf } = await caller.ledger.head({ organization, asOf: stop.text })
      expect(asOf).toMatchObject({ instant: stop.at, position: stop.position })
    }
    expect(stops[0]?.label).toMatch(/organization was created/)
    expect(stops.some(stop => /connected/.test(stop.label))).toBe(true)
  })

  it('are gone through one by one, from the first to the last and back', async () => {
    const { stops } = await caller.ledger.stops({ organization })
    const texts = stops.map(({ text }) => text)
    const first = texts[0] ?? ''
    const walk = async (from: string, to: 'before' | 'after') => {
      const seen = [from]
      for (let around = from; ; ) {
        const next = (await caller.ledger.stops({ organization, around }))[to]
        if (!next) return seen
        around = next.text
        seen.push(around)
      }
    }
    expect(await walk(first, 'after')).toEqual(texts)
    expect(await walk(texts.at(-1) ?? '', 'before')).toEqual(texts.toReversed())
  })

  it('include the moments at which evidence aged without any event', async () => {
    const { stops } = await caller.ledger.stops({ organization })
    const aged = stops.filter(stop => /nothing came/.test(stop.label))
    expect(aged.map(stop => stop.label.includes('became stale'))).toEqual([true, false])
    const freshness = async (at: Date) => {
      const { sources } = await caller.evidence.list({ organization, asOf: at.toISOString() })
      return new Set(sources[0]?.kinds.filter(({ kind }) => isHourly(kind)).map(({ freshness }) => freshness))
    }
    expect(await freshness(aged[0]?.at ?? new Date(0))).toEqual(new Set(['stale']))
    expect(await freshness(aged[1]?.at ?? new Date(0))).toEqual(new Set(['expired']))
  })
})

describe('an auditor', () => {
  it('sees the events of the period alone, and stops inside it', async () => {
    const all = (await everyEvent()).reverse()
    const first = all[Math.floor(all.length / 3)]
    const last = all[Math.floor((2 * all.length) / 3)]
    const period = { from: first?.recordedAt ?? new Date(0), to: last?.recordedAt ?? new Date(0) }
    const auditor = await auditorCaller(scene, period)
    const seen = []
    let page = await auditor.ledger.events({ organization })
    seen.push(...page.events)
    while (page.next !== null) {
      page = await auditor.ledger.events({ organization, before: page.next })
      seen.push(...page.events)
    }
    const positions = seen.map(event => event.position)
    expect(Math.max(...positions)).toBe(last?.position)
    expect(Math.min(...positions)).toBe(Number(first?.position) + 1)
    const { stops } = await auditor.ledger.stops({ organization })
    expect(stops.every(stop => stop.at >= period.from && stop.at <= period.to)).toBe(true)
    expect(await auditor.ledger.head({ organization })).toMatchObject({ newestPosition: last?.position })
  })

  it('is told what the period is when asking for anything outside it', async () => {
    const all = (await everyEvent()).reverse()
    const middle = all[Math.floor(all.length / 2)]
    const from = middle?.recordedAt ?? new Date(0)
    const auditor = await auditorCaller(scene, { from, to: new Date(from.getTime() + 60_000) })
    const words = (text: string) => ({
      code: 'NOT_FOUND',
      cause: { userMessage: expect.stringContaining(text) },
    })
    for (const asOf of ['0', all[1]?.asOfText ?? '', all.at(-1)?.recordedAt.toISOString()]) {
      await expect(auditor.ledger.events({ organization, asOf })).rejects.toMatchObject(
        words('Your access covers'),
      )
      await expect(auditor.ledger.head({ organization, asOf })).rejects.toMatchObject(
        words('Your access covers'),
      )
      await expect(auditor.ledger.event({ organization, asOf, position: 1 })).rejects.toMatchObject(
        words('Your access covers'),
      )
    }
    await expect(auditor.ledger.event({ organization, position: 0 })).rejects.toMatchObject(
      words('before your period'),
    )
    await expect(auditor.ledger.events({ organization, from: '2020-01-01' })).rejects.toMatchObject(
      words('before your period'),
    )
  })
})
