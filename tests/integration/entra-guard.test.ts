import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createRetryBudget } from '../../server/connectors/entra/backoff.ts'
import { clouds } from '../../server/connectors/entra/clouds.ts'
import { createGraphClient, type GraphReaderOptions } from '../../server/connectors/entra/graph/client.ts'
import { createPaces } from '../../server/connectors/entra/graph/pace.ts'
import { unwrapped } from '../../server/connectors/entra/graph/step.ts'
import { createNetwork } from '../../server/connectors/entra/network.ts'
import { entraReads } from '../../server/connectors/entra/reads/index.ts'
import { Secret } from '../../server/vault/secret.ts'
import { errorOf, jumpingClock } from '../support/entra.ts'

/*
 * From inside the connector: through the Graph client that it reads with, with a token that could do anything, towards
 * a host that would do anything.
 */
const arrived: string[] = []
const host = createServer((req, res) => {
  arrived.push(`${req.method} ${req.url}`)
  res.writeHead(200, { 'content-type': 'application/json' }).end('{"value":[]}')
})
await new Promise<void>(resolve => host.listen(0, '127.0.0.1', resolve))
afterAll(() => new Promise(resolve => host.close(resolve)))
// A listening TCP server always has an address object.
const origin = `http://127.0.0.1:${(host.address() as AddressInfo).port}`

const network = createNetwork({ graphOrigin: origin, loginOrigin: origin })
const warnings: [Record<string, unknown>, string][] = []

function clientOf(cloud = 'https://graph.microsoft.com') {
  const clock = jumpingClock()
  const token = new Secret('a-token-that-could-do-anything')
  const options: GraphReaderOptions = {
    origin: cloud,
    tokens: {
      grant: { granted: [], missing: [], excess: [] },
      current: async () => token,
      replace: async () => token,
    },
    network,
    clock,
    budget: createRetryBudget({ clock }),
    pace: createPaces().of({ externalTenantId: 'any', clientId: 'any', cloud: 'global' }),
    logger: {
      info: () => undefined,
      warn: (...[fields, words]: unknown[]) => void warnings.push([Object(fields), String(words)]),
    },
  }
  return createGraphClient(options)
}

beforeEach(() => {
  arrived.length = 0
  warnings.length = 0
})

async function refusalOf(promise: Promise<unknown>) {
  const error = unwrapped(await errorOf(promise))
  expect(error).toMatchObject({ name: 'RequestRefused' })
  expect(arrived).toEqual([])
  expect(warnings).toHaveLength(1)
  expect(JSON.stringify(warnings)).not.toContain('a-token')
  return warnings[0]?.[1]
}

const paths = [...new Set(entraReads.map(({ request }) => request.slice('GET '.length).split('?')[0] ?? ''))]

describe('on the very paths that are read', () => {
  test.each(paths)('%s: GET passes', async path => {
    await clientOf().api(path).get()
    expect(arrived).toEqual([`GET /v1.0${path}`])
    expect(warnings).toEqual([])
  })

  test.each(
    paths.flatMap(path =>
      (['post', 'put', 'patch', 'delete'] as const).map(method => [method, path] as const),
    ),
  )('%s %s is refused, logged and never sent', async (method, path) => {
    const request = clientOf().api(path)
    const sent = method === 'delete' ? request.delete() : request[method]({ accountEnabled: false })
    expect(await refusalOf(sent)).toMatch(/only GET is allowed/)
  })

  test('upper and lower case make no difference', async () => {
    await clientOf().api('https://graph.microsoft.com/v1.0/USERS').get()
    expect(arrived).toHaveLength(1)
  })
})

describe('everywhere else', () => {
  test.each([
    '/me',
    '/users/delta',
    '/users/7f0f0f0f-1111-4222-8333-444444444444',
    '/users/7f0f0f0f-1111-4222-8333-444444444444/authentication/methods',
    '/directoryRoles',
    '/subscribedSkus',
    '/applications',
    '/identityProtection/riskDetections',
    '/auditLogs/directoryAudits',
    '/policies/authorizationPolicy',
    '/$batch',
    '/users/$count/../$batch',
    '/users/..%2fgroups',
  ])('%s is refused, logged and never sent', async path => {
    expect(await refusalOf(clientOf().api(path).get())).toMatch(/path/)
  })

  test('another version of the interface is refused', async () => {
    expect(await refusalOf(clientOf().api('/users').version('beta').get())).toMatch(/path/)
  })

  test('reaching through a listed path is refused', async () => {
    expect(await refusalOf(clientOf().api('/users').expand('manager').get())).toMatch(/expanding/)
    warnings.length = 0
    expect(await refusalOf(clientOf().api('/users').query({ $EXPAND: 'memberOf' }).get())).toMatch(
      /expanding/,
    )
  })
})

describe('another host', () => {
  const own = 'https://graph.microsoft.com'
  const others = [...new Set(clouds.flatMap(cloud => [cloud.graphOrigin, cloud.loginOrigin]))].filter(
    each => each !== own,
  )

  test.each([
    ...others,
    'https://graph.microsoft.com.example.net',
    'https://example.net',
    'http://graph.microsoft.com',
    'https://graph.microsoft.com:8443',
    'https://graph.microsoft.com@example.net',
    'https://127.0.0.1',
  ])('%s is refused, logged and never sent', async other => {
    expect(await refusalOf(clientOf(own).api(`${other}/v1.0/users`).get())).toMatch(
      /not the Graph host|credentials|path/,
    )
  })

  test('each cloud reads its own host and no other’s', async () => {
    for (const { graphOrigin } of clouds) {
      await clientOf(graphOrigin).api(`${graphOrigin}/v1.0/users`).get()
      expect(arrived).toHaveLength(1)
      arrived.length = 0
    }
  })

  test('credentials in the address of the own host are refused', async () => {
    expect(await refusalOf(clientOf().api('https://me:you@graph.microsoft.com/v1.0/users').get())).toMatch(
      /credentials/,
    )
  })
})

describe('past the guard', () => {
  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'get'])(
    'the network itself sends no %s to a Graph host',
    async method => {
      for (const { graphOrigin } of clouds) {
        const sent = network.send(`${graphOrigin}/v1.0/users`, { method, headers: {} })
        expect(await errorOf(sent)).toMatchObject({ name: 'RequestForbidden' })
      }
      expect(arrived).toEqual([])
    },
  )
})
