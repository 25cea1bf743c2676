import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { afterAll, expect, test } from 'vitest'
import { memberStream, newId } from '../../server/ledger/ids.ts'
import type { Services } from '../../server/services.ts'
import { appRouter } from '../../server/trpc/router.ts'
import { afterwards } from '../support/afterwards.ts'
import { contextOf, newMember, ownerCaller } from '../support/caller.ts'
import { seedSyncedOrganization, syncNow } from '../support/seed.ts'
import { composeTestServices } from '../support/services.ts'

const scene = await seedSyncedOrganization({ size: 20 })
const { services, slug: organization, organizationId, userId, clock, connectionId, db, kms, smtp } = scene
const owner = { id: userId, name: 'Ada Owner', email: 'ada@example.com' }

const second = db.connect('app', { max: 3 })
const beside = composeTestServices({
  database: second,
  clock,
  entraOrigin: scene.entra.origin,
  kms,
  smtpUrl: smtp.smtpUrl,
  leaseSeconds: 60,
})
afterAll(async () => {
  beside.close()
  await second.close()
})

type User = typeof owner
type Told = {
  id: string
  position: number
  head: number
  openAlerts: number
  positions: number[]
  words: string[]
}

/** A web process of its own, that knows nothing of the other. */
async function serve(services: Services, user: User = owner): Promise<string> {
  const handler = createHTTPHandler({ router: appRouter, createContext: () => contextOf(services, user) })
  const server = createServer(handler)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  afterwards(() => {
    server.closeAllConnections()
    server.close()
  })
  // A listening TCP server always has an address object.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Reads as a browser's EventSource does, until the reader breaks off: which cuts the connection. */
async function* read(origin: string, after: number, lastEventId?: string): AsyncGenerator<Told> {
  const cut = new AbortController()
  const input = JSON.stringify({ organization, after })
  const answer = await fetch(`${origin}/ledger.follow?${new URLSearchParams({ input })}`, {
    signal: cut.signal,
    headers: { accept: 'text/event-stream', ...(lastEventId ? { 'last-event-id': lastEventId } : {}) },
  })
  const bytes = answer.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (let next = await bytes?.read(); next && !next.done; next = await bytes?.read()) {
      text += decoder.decode(next.value, { stream: true })
      const messages = text.split('\n\n')
      text = messages.pop() ?? ''
      for (const message of messages) yield* toldBy(message)
    }
  } finally {
    cut.abort()
  }
}

function* toldBy(message: string): Generator<Told> {
  const lines = new Map(
    message
      .split('\n')
      .map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const [id, data] = [lines.get('id'), lines.get('data')]
  if (lines.get('event') === 'serialized-error') throw new Error(data)
  if (id === undefined || data === undefined) return
  const { events, ...rest } = JSON.parse(data)
  yield {
    id,
    ...rest,
    positions: events.map((event: { position: number }) => event.position),
    words: events.map((event: { words: string }) => event.words),
  }
}

const headNow = async () => (await ownerCaller(scene).ledger.head({ organization })).newestPosition

/** Many events at once, more than one message holds. */
const recordMany = (count: number) =>
  services.ledger.command(organizationId, `user:${userId}`, unit =>
    unit.append(
      { type: 'access', id: newId() },
      'any',
      Array.from({ length: count }, () => ({
        type: 'AuditorViewed' as const,
        payload: { userId, what: 'controls.list', subject: null, position: 0 },
      })),
    ),
  )

test('what is recorded while a connection is cut comes after it, from another process: nothing missing, nothing twice', async () => {
  const [one, other] = await Promise.all([serve(services), serve(beside.services)])
  const start = await headNow()
  const told: number[] = []
  let last = ''
  for await (const message of read(one, start)) {
    if (last === '') {
      // Where the page is, at once, though nothing is new.
      expect(message).toMatchObject({ id: String(start), head: start, positions: [] })
      await recordMany(130)
    }
    last = message.id
    told.push(...message.positions)
    // Cut inside of what was recorded together.
    if (message.positions.length > 0) break
  }
  expect(told.length).toBeLessThan(130)
  clock.jump(3_600_000)
  await syncNow(scene, connectionId)
  const end = await headNow()
  for await (const message of read(other, start, last)) {
    told.push(...message.positions)
    expect(message.words.every(words => /\S/.test(words))).toBe(true)
    if (message.position === message.head && message.position >= end) break
  }
  expect(told).toEqual(Array.from({ length: end - start }, (_, index) => start + 1 + index))
})

test('who may not read the ledger is told that something was recorded and how many alerts are open, and no event', async () => {
  const origin = await serve(services, await newMember(scene, 'viewer'))
  const start = await headNow()
  for await (const message of read(origin, start - 5)) {
    expect(message).toMatchObject({ position: start, head: start, positions: [] })
    expect(message.openAlerts).toBeGreaterThanOrEqual(0)
    break
  }
})

test('an auditor is told from the beginning of the period on, and nothing once it is over', async () => {
  clock.jump(1_000)
  const from = clock.now()
  const before = await headNow()
  clock.jump(1_000)
  await recordMany(2)
  const auditor = await newMember(scene, 'auditor', { from, to: new Date(clock.now().getTime() + 3_600_000) })
  const origin = await serve(services, auditor)
  const head = await headNow()
  for await (const message of read(origin, -1)) {
    expect(message.positions[0]).toBe(before + 1)
    expect(message.positions.at(-1)).toBe(head)
    break
  }
  clock.jump(2 * 3_600_000)
  await expect(read(origin, -1).next()).rejects.toThrow(/forbidden|role/i)
})

test('a stream ends with the membership', async () => {
  const user = await newMember(scene, 'compliance_lead')
  const origin = await serve(services, user)
  const stream = read(origin, await headNow())
  await stream.next()
  await services.ledger.command(organizationId, `user:${userId}`, unit =>
    unit.append({ type: 'member', id: memberStream(organizationId, user.id) }, 'any', [
      { type: 'MemberRemoved', payload: { userId: user.id } },
    ]),
  )
  await expect(stream.next()).rejects.toThrow(/not_found/)
})
