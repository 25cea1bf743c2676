import { describe, expect, test } from 'vitest'
import { connect, useStandIn } from '../support/stand-in.ts'

const start = useStandIn(new Date('2026-03-01T10:00:00Z'))
const users = '/users?$select=id,accountEnabled&$top=999'

describe('faults', () => {
  test.each([
    [
      { kind: 'throttle', retryAfter: 2.128 },
      { status: 429, retryAfter: '2.128' },
    ],
    [
      { kind: 'throttle', retryAfter: null },
      { status: 429, retryAfter: null },
    ],
    [
      { kind: 'throttle', retryAfter: 'Sun, 01 Mar 2026 10:00:30 GMT' },
      { status: 429, retryAfter: 'Sun, 01 Mar 2026 10:00:30 GMT' },
    ],
    [{ kind: 'status', status: 502 }, { status: 502 }],
    [
      { kind: 'status', status: 403, body: { error: { code: 'Custom' } } },
      { status: 403, body: { error: { code: 'Custom' } } },
    ],
    [{ kind: 'html-200' }, { status: 200, body: expect.stringContaining('<!doctype html>') }],
    [{ kind: 'empty-body' }, { status: 200, body: '' }],
    [{ kind: 'truncated-json' }, { status: 200, body: expect.stringMatching(/^\{"@odata/) }],
    [
      { kind: 'missing-value' },
      { status: 200, body: expect.not.objectContaining({ value: expect.anything() }) },
    ],
    [
      { kind: 'foreign-next-link' },
      {
        status: 200,
        body: expect.objectContaining({
          '@odata.nextLink': expect.stringMatching(/^https:\/\/graph\.example\.net/),
        }),
      },
    ],
    [
      { kind: 'loop-next-link' },
      {
        status: 200,
        body: expect.objectContaining({
          '@odata.nextLink': `https://graph.microsoft.com/v1.0${users}`,
        }),
      },
    ],
    [
      { kind: 'claims-challenge' },
      { status: 401, challenge: expect.stringContaining('insufficient_claims') },
    ],
    [
      { kind: 'slow', delayMs: 5 },
      { status: 200, body: expect.objectContaining({ value: expect.anything() }) },
    ],
  ] as const)('%o happens as often as asked, then the answer is good again', async (fault, seen) => {
    const { entra, tenant } = await start()
    const graph = await connect(entra)
    tenant.fault({ ...fault, path: '/users', times: 1 })
    const answer = await graph.get(users)
    const retryAfter = answer.headers.get('retry-after')
    expect({ ...answer, retryAfter, challenge: answer.headers.get('www-authenticate') }).toMatchObject(seen)
    const after = await graph.get(users)
    expect(after.status).toBe(200)
    expect(graph.nextPath(after.body)).toBeUndefined()
  })

  test('links can lead back to the first page', async () => {
    const { entra, tenant } = await start()
    const graph = await connect(entra)
    const first = await graph.get('/users?$select=id&$top=20')
    tenant.fault({ kind: 'loop-next-link', to: 'first', path: 'skiptoken' })
    const second = await graph.get(graph.nextPath(first.body) ?? '')
    expect(graph.nextPath(second.body)).toBe('/users?$select=id&$top=20')
  })

  test('a reset cuts the connection, before the answer or in its middle, and a stall never ends', async () => {
    const { entra, tenant } = await start()
    const graph = await connect(entra)
    tenant.fault({ kind: 'reset', times: 1 })
    await expect(graph.get(users)).rejects.toThrow()
    tenant.fault({ kind: 'cut-body', times: 1 })
    await expect(graph.get(users)).rejects.toThrow()
    tenant.fault({ kind: 'stall', times: 1, delayMs: 20 })
    await expect(graph.get(users)).rejects.toThrow()
    tenant.fault({ kind: 'wrong-count', path: /\$count/, by: 40, times: 1 })
    expect((await graph.get('/users/$count', { ConsistencyLevel: 'eventual' })).body).toBe(100)
    expect(
      tenant.requests.filter(request => request.method === 'GET').map(request => request.status),
    ).toEqual([0, 0, 0, 200])
  })

  test('another process drives clock, faults and directory through the control paths', async () => {
    const { entra, tenant } = await start()
    const post = async (path: string, body: unknown) => {
      const response = await fetch(`${entra.origin}/_control/${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
      })
      expect(response.status).toBe(200)
      return response.json()
    }
    expect(await post('clock', { now: '2026-04-01T00:00:00Z' })).toEqual({ now: '2026-04-01T00:00:00.000Z' })
    const graph = await connect(entra)
    await post(`tenants/${tenant.id}/fault`, { kind: 'status', status: 503, path: '/users', times: 1 })
    expect((await graph.get(users)).status).toBe(503)
    await post(`tenants/${tenant.id}/set-user`, { user: 12, patch: { accountEnabled: false } })
    expect(tenant.directory.userAt(12, entra.now())?.accountEnabled).toBe(false)
    const unknown = await fetch(`${entra.origin}/_control/tenants/${tenant.id}/explode`, { method: 'POST' })
    expect(unknown.status).toBe(404)
    const requests = await (await fetch(`${entra.origin}/_control/tenants/${tenant.id}/requests`)).json()
    expect(requests).toContainEqual(expect.objectContaining({ status: 503 }))
  })
})
