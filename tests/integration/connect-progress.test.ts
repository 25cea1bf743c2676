import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isTrackedEnvelope } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { describe, expect, test } from 'vitest'
import { announce } from '../../server/evidence/progress.ts'
import { watchConnection } from '../../server/evidence/progress-feed.ts'
import { newId } from '../../server/ledger/ids.ts'
import { appRouter, createCaller } from '../../server/trpc/router.ts'
import { afterwards } from '../support/afterwards.ts'
import { connectOffice, type Office, openOffice } from '../support/offices.ts'
import { syncNow, useScene } from '../support/seed.ts'

const scene = await useScene()
const { services } = scene

const contextOf = async (headers: Headers) => ({
  services,
  requestId: newId(),
  logger: services.logger,
  headers,
  clientAddress: '198.18.0.1',
  signedIn: await services.auth.session(headers),
  setCookie: () => undefined,
})

type Progress = Awaited<ReturnType<ReturnType<typeof createCaller>['connections']['progress']>>
type View = Progress extends AsyncIterable<{ data: infer T }> ? T : never

/** Follows as a page does, but for the wire: each state with the id that a page hands back. */
async function* follow(
  office: Office,
  input: { connectionId: string; afterRun: string | null; lastEventId?: string },
): AsyncGenerator<{ id: string; view: View }> {
  const caller = createCaller(await contextOf(office.owner.browser.headers()))
  for await (const event of await caller.connections.progress({ organization: office.slug, ...input })) {
    const envelope: unknown = event
    if (!isTrackedEnvelope<View>(envelope)) throw new Error('not tracked')
    yield { id: envelope[0], view: envelope[1] }
  }
}

async function openConnected() {
  const office = await openOffice(scene)
  return { office, connectionId: await connectOffice(scene, office) }
}

describe('the progress of a sync', () => {
  test('is told from waiting to its end, pages and items on the way, and then ends', async () => {
    const { office, connectionId } = await openConnected()
    const states: string[] = []
    const items = new Map<string, number>()
    let sync: Promise<unknown> = Promise.resolve()
    for await (const { view } of follow(office, { connectionId, afterRun: null })) {
      if (view.state === 'waiting')
        sync = syncNow({ ...scene, organizationId: office.organizationId }, connectionId)
      if (states.at(-1) !== view.state) states.push(view.state)
      for (const kind of view.kinds) items.set(kind.kind, kind.items)
      if (view.state === 'ended') expect(view.outcome).toBe('succeeded')
    }
    expect(await sync).toBe('succeeded')
    expect(states).toEqual(['waiting', 'running', 'ended'])
    expect(items.get('user_inventory')).toBe(scene.spec.size)
  })

  test('goes on where a page that lost its connection left off', async () => {
    const { office, connectionId } = await openConnected()
    await syncNow({ ...scene, organizationId: office.organizationId }, connectionId)
    const seen: string[] = []
    for await (const { id } of follow(office, { connectionId, afterRun: null })) seen.push(id)
    expect(seen).toHaveLength(1)
    const again: string[] = []
    const resumed = follow(office, { connectionId, afterRun: null, lastEventId: seen[0] ?? '' })
    for await (const { id } of resumed) again.push(id)
    expect(again).toEqual([])
  })

  test('of another organization’s connection is not found', async () => {
    const { connectionId } = await openConnected()
    const stranger = await openOffice(scene, 'Elsewhere')
    const views = follow(stranger, { connectionId, afterRun: null })
    await expect(async () => {
      for await (const _ of views) throw new Error('something was told')
    }).rejects.toThrow('connection not found')
  })

  test('goes out as server-sent events with instants as text', async () => {
    const handler = createHTTPHandler({
      router: appRouter,
      createContext: ({ req }) => contextOf(new Headers({ cookie: req.headers.cookie ?? '' })),
    })
    const server = createServer(handler)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    afterwards(() => void server.close())
    // A listening TCP server always has an address object.
    const { port } = server.address() as AddressInfo
    const { office, connectionId } = await openConnected()
    await syncNow({ ...scene, organizationId: office.organizationId }, connectionId)
    const input = JSON.stringify({ organization: office.slug, connectionId, afterRun: null })
    const response = await fetch(
      `http://127.0.0.1:${port}/connections.progress?${new URLSearchParams({ input })}`,
      {
        headers: {
          accept: 'text/event-stream',
          cookie: office.owner.browser.headers().get('cookie') ?? '',
        },
      },
    )
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    // Read to its end: a stream that did not end would time the test out.
    const text = await response.text()
    expect(text).toMatch(/"state":"ended"/)
    expect(text).toMatch(/"startedAt":"2025-\d\d-\d\dT/)
    expect(text).toMatch(/event: return/)
  })
})

describe('watching a connection', () => {
  test('wakes for its own notices only, once for many, and stops with the signal', async () => {
    const { organizationId } = scene
    const connectionId = newId()
    const stop = new AbortController()
    const wakes: number[] = []
    const key = { organizationId, connectionId }
    const other = { organizationId, connectionId: newId(), runId: newId() }
    for await (const _ of watchConnection(services.database, key, stop.signal, 3_600_000)) {
      wakes.push(wakes.length)
      if (wakes.length === 1) {
        await announce(services.database, other)
        await announce(services.database, { ...key, runId: newId() })
      } else stop.abort()
    }
    expect(wakes).toEqual([0, 1])
  })
})
