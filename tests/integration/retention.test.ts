import fc from 'fast-check'
import postgres from 'postgres'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { windowStart } from '../../server/domain/retention/window.ts'
import { replay } from '../../server/ledger/read.ts'
import type { RecordedEvent } from '../../server/ledger/recorded-event.ts'
import { purgeOrganization } from '../../server/retention/purge-organization.ts'
import { jumpingClock } from '../support/entra.ts'
import { histories, type Step } from '../support/histories.ts'
import { testLaw } from '../support/law.ts'
import { playHistory } from '../support/play-history.ts'
import { rebuildWouldChange } from '../support/replay.ts'
import { useServices } from '../support/services.ts'

const day = 86_400_000
const clock = jumpingClock()
const { services, db } = await useServices({ clock, entraOrigin: () => 'http://127.0.0.1:9' })
const { ledger } = services
const admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())
const signal = new AbortController().signal
const purge = (organizationId: string) => purgeOrganization(services, organizationId, signal)

const held = async (organizationId: string) =>
  (
    await admin<{ hash: string }[]>`
      select encode(hash, 'hex') as hash from ledger.item_body where organization_id = ${organizationId} order by hash`
  ).map(({ hash }) => hash)

testLaw(
  'of any past exactly what ended before the window goes, and nothing twice',
  fc.asyncProperty(
    histories({ minLength: 4, maxLength: 24 }),
    fc.integer({ min: 0, max: 10_000 }),
    async (steps, share) => {
      const organizationId = await playHistory({ ledger, clock }, steps.filter(isOfTimeAlone))
      const events = await everyEvent(organizationId)
      const [first, last] = [events[0], events.at(-1)]
      if (!first || !last) throw new Error('a past has events')
      // The window begins somewhere in the past that was played, or right behind it.
      const span = last.recordedAt.getTime() - first.recordedAt.getTime() + day
      const start = new Date(first.recordedAt.getTime() + Math.round((share / 10_000) * span))
      const years = yearsIn(events)
      jumpUntil(now => windowStart(now, years) >= start)
      const before = windowStart(clock.now(), years)
      const bodies = await held(organizationId)
      const alive = await aliveAt(organizationId, events, before)
      const counts = await purge(organizationId)
      expect(await held(organizationId)).toEqual(bodies.filter(hash => alive.has(hash)))
      expect(counts.removed).toBe(bodies.filter(hash => !alive.has(hash)).length)
      expect(await purge(organizationId)).toEqual({ removed: 0, kept: 0 })
      expect(await rebuildWouldChange(services, organizationId)).toEqual({})
    },
  ),
  { runs: 25, seconds: 120 },
)

/** An erasure or a deletion would take what its time alone leaves. */
const isOfTimeAlone = ({ do: does }: Step) => !/erasure|erase|deletion/.test(does)

const yearsIn = (events: readonly RecordedEvent[]) =>
  events.reduce((years, event) => (event.type === 'RetentionChanged' ? event.payload.years : years), 7)

function jumpUntil(isThere: (now: Date) => boolean) {
  while (!isThere(clock.now())) clock.jump(day)
}

async function everyEvent(organizationId: string): Promise<RecordedEvent[]> {
  return ledger.query(organizationId, { kind: 'now' }, async (transaction, { position: upTo }) => {
    const events: RecordedEvent[] = []
    for await (const page of replay(transaction, organizationId, { upTo })) events.push(...page)
    return events
  })
}

/** The reference: memberships one by one, as a person would follow them through the events. */
async function aliveAt(organizationId: string, events: readonly RecordedEvent[], before: Date) {
  const deltas = await admin<{ evidence: string; subject: string; hash: string | null }[]>`
    select evidence_id as evidence, subject_key as subject, encode(item_hash, 'hex') as hash
      from ledger.evidence_delta where organization_id = ${organizationId}`
  const alive = new Set<string>()
  const open = new Map<string, { source: string; hash: string }>()
  const sources = new Map<string, string>()
  const live = new Set<string>()
  for (const event of events) {
    const isInWindow = event.recordedAt >= before
    if (event.type === 'ConnectionConnected') {
      sources.set(event.payload.connectionId, event.payload.sourceId)
      live.add(event.payload.connectionId)
    }
    if (event.type === 'ConnectionRevoked') {
      live.delete(event.payload.connectionId)
      const source = sources.get(event.payload.connectionId)
      if (isInWindow) for (const each of open.values()) if (each.source === source) alive.add(each.hash)
    }
    if (event.type !== 'EvidenceAttached') continue
    const { sourceId: source, kind, evidenceId, mode, collectedTo } = event.payload
    for (const { subject, hash } of deltas.filter(delta => delta.evidence === evidenceId)) {
      const key = `${source} ${kind} ${subject}`
      const ended = open.get(key)
      if (mode === 'feed') {
        if (hash && new Date(collectedTo) >= before) alive.add(hash)
        continue
      }
      if (ended && ended.hash !== hash && isInWindow) alive.add(ended.hash)
      if (hash) open.set(key, { source, hash })
      else open.delete(key)
    }
  }
  const connected = new Set([...live].map(connection => sources.get(connection)))
  for (const each of open.values()) if (connected.has(each.source)) alive.add(each.hash)
  return alive
}

describe('a purge', () => {
  const attach = (subjects: number[], content: number) =>
    ({
      do: 'run',
      directory: 0,
      pause: 1_000,
      found: [
        ['user_inventory', { do: 'attach', subjects: subjects.map(subject => ({ subject, content })) }],
      ],
    }) as const

  let organizationId: string
  beforeEach(async () => {
    organizationId = await playHistory({ ledger, clock }, [
      { do: 'connect', directory: 0, pause: 1_000 },
      attach([0, 1, 2], 0),
      attach([0, 1, 2], 1),
    ])
  })

  /** Lets so much time pass that what was replaced is past the window. */
  function age() {
    const played = clock.now().getTime()
    jumpUntil(now => windowStart(now, 7).getTime() > played + day)
  }

  test('is one event with the count and root of what went; names in lists go with the bodies, and the ledger holds', async () => {
    age()
    expect(await purge(organizationId)).toEqual({ removed: 3, kept: 0 })
    const events = await everyEvent(organizationId)
    expect(events.at(-1)).toMatchObject({
      type: 'ItemsPurged',
      actor: 'system:retention',
      payload: { reason: 'retention', count: 3, subjectKey: null, kept: { count: 0, assessments: [] } },
    })
    const labels = await admin<{ label: string; isOpen: boolean }[]>`
      select label, to_position = 9223372036854775807 as "isOpen" from state.membership
       where organization_id = ${organizationId}`
    for (const { label, isOpen } of labels) expect(label.startsWith('person')).toBe(isOpen)
  })

  test('leaves what a seal holds, and names the assessment', async () => {
    const [sealed] = await admin<{ hash: Buffer }[]>`
      update ledger.item_body set sealed_by = ${organizationId}
       where organization_id = ${organizationId} and hash = (
         select m.item_hash from state.membership m
          where m.organization_id = ${organizationId} and m.to_position < 9223372036854775807 limit 1)
      returning hash`
    age()
    expect(await purge(organizationId)).toEqual({ removed: 2, kept: 1 })
    expect(await held(organizationId)).toContain(sealed?.hash.toString('hex'))
    const events = await everyEvent(organizationId)
    expect(events.at(-1)).toMatchObject({
      payload: { count: 2, kept: { count: 1, assessments: [organizationId] } },
    })
  })

  test('is done by one process at a time; a dead one loses it by time', async () => {
    age()
    await purge(organizationId)
    await admin`
      update state.purge set holder = ${organizationId}, lease_until = statement_timestamp() + interval '1 minute'
       where organization_id = ${organizationId}`
    await expect(purge(organizationId)).rejects.toMatchObject({ code: 'conflict' })
    await admin`
      update state.purge set lease_until = statement_timestamp() - interval '1 second' where organization_id = ${organizationId}`
    expect(await purge(organizationId)).toEqual({ removed: 0, kept: 0 })
  })
})
