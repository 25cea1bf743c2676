import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { clouds } from '../../sandbox/entra/clouds.ts'
import type { Fault } from '../../sandbox/entra/faults.ts'
import type { EntraStandIn } from '../../sandbox/entra/start-entra.ts'
import { startEntra } from '../../sandbox/entra/start-entra.ts'
import type { Licence, TenantSpec } from '../../sandbox/entra/types.ts'
import { requiredScopes } from '../../sandbox/entra/types.ts'
import { entraReads } from '../../server/connectors/entra/reads/index.ts'
import { evidenceKind } from '../../server/domain/evidence/kinds.ts'
import { describeReference, readReference } from '../support/reference-data.ts'
import { connect, type GraphReader, redeem, standInIds, standInSpec } from '../support/stand-in.ts'

const schemaFile = 'graph/graph-v1.0.schema.json'
const now = new Date('2026-03-01T10:00:00Z')

/** Whatever the connector may ask, each way of it, so that a read that is added is visited by itself. */
const asked = entraReads.flatMap(read => {
  const window =
    evidenceKind(read.kind).mode === 'feed' ? { from: new Date('2026-01-30T10:00:00Z'), to: now } : null
  return [...read.ways(window).flat(), ...(read.countPath ? [read.countPath] : [])]
})
/** What it could come to ask, and what shows that a property left out of `$select` does not come. */
const askable = [
  '/users',
  '/users?$select=id,signInActivity&$top=500',
  '/auditLogs/signIns?$filter=createdDateTime ge 2026-03-01T07:00:00Z&$top=1000',
  '/identityProtection/riskyUsers?$select=id,riskState&$count=true',
]
const requests = [...new Set([...asked, ...askable])]

const roots: Record<string, string> = {
  '/users': 'userCollection',
  '/reports/authenticationMethods/userRegistrationDetails': 'userRegistrationDetailsCollection',
  '/policies/identitySecurityDefaultsEnforcementPolicy': 'identitySecurityDefaultsEnforcementPolicy',
  '/identity/conditionalAccess/policies': 'conditionalAccessPolicyCollection',
  '/identityProtection/riskyUsers': 'riskyUserCollection',
  '/auditLogs/signIns': 'signInCollection',
}

const differences: Partial<TenantSpec>[] = [
  { licence: 'P2', seed: 1, size: 10 },
  { licence: 'P2', seed: 20_260_101, size: 150, churn: true },
  { licence: 'P2', seed: 8, size: 1_200, lateArrivals: true },
  { licence: 'P2', seed: 9, size: 40, cloud: 'usgov-l4' },
  { licence: 'P2', seed: 9, size: 40, cloud: 'usgov-l5' },
  { licence: 'P2', seed: 9, size: 60, cloud: 'china' },
  { licence: 'P1', seed: 3, size: 320, churn: true, lateArrivals: true, securityDefaults: true },
  { licence: 'none', seed: 4, size: 77, policiesWithoutLicence: 'empty' },
  { licence: 'none', seed: 5, size: 77, policiesWithoutLicence: 'forbidden' },
]

const directories = differences.map(spec => ({ cloud: 'global' as const, ...spec }))

const accounts = ['security-reader', 'administrator', 'user', 'guest']
const grants = [
  { words: 'all four permissions', scopes: requiredScopes },
  ...requiredScopes.map(missing => ({
    words: `no ${missing}`,
    scopes: requiredScopes.filter(scope => scope !== missing),
  })),
  { words: 'no permission at all', scopes: [] },
]

describeReference('the Graph stand-in answers in the shape of Graph v1.0', schemaFile, () => {
  const schema = z.looseObject({ $id: z.string() }).parse(readReference(schemaFile))
  const ajv = new Ajv2020({ strict: false, allErrors: true }).addSchema(schema)
  const validator = (root: string): ValidateFunction => {
    const validate = ajv.getSchema(`${schema.$id}#/$defs/${root}`)
    if (!validate) throw new Error(`The schema has no ${root}`)
    return validate
  }
  const validators = Object.fromEntries(Object.entries(roots).map(([path, root]) => [path, validator(root)]))
  const isError = validator('odataError')
  /** Every value that came, by `property=value`, where it is one of those that catch readers out. */
  const oddities = new Set<string>()

  /** Reads a collection to its end and holds every answer to the schema. @returns the pages and the last status */
  async function visit(graph: GraphReader, request: string, host: string) {
    let pages = 0
    let rows = 0
    for (let next: string | undefined = request; next !== undefined; pages += 1) {
      const { status, body } = await graph.get(next, { ConsistencyLevel: 'eventual' })
      if (request.endsWith('/$count') && status === 200) return { pages: 1, rows: Number(body), status }
      const validate = status === 200 ? validators[pathOf(request)] : isError
      if (!validate) throw new Error(`no schema is named for ${request}`)
      validate(body)
      expect(unexpected(validate.errors ?? [], body), `${status} ${next}`).toEqual([])
      if (status !== 200) return { pages, rows, status }
      noteOddities(body, oddities)
      rows += isRecord(body) && Array.isArray(body.value) ? body.value.length : 0
      next = graph.nextPath(body, host)
    }
    return { pages, rows, status: 200 }
  }

  describe.each(directories)('$licence, $size users, seed $seed, cloud $cloud', spec => {
    let entra: EntraStandIn
    let graphs: GraphReader[]
    const host = clouds[spec.cloud].graph

    beforeAll(async () => {
      entra = await startEntra({ tenants: [standInSpec(spec)] })
      entra.setClock(now)
      const tenant = entra.tenant(standInIds.tenantId)
      tenant.addUser({ displayName: null, userPrincipalName: 'added@contoso.example', userType: null })
      tenant.setUser(2, { createdDateTime: null, mail: null })
      tenant.removeUser(8)
      graphs = await Promise.all(accounts.map(account => connect(entra, { account })))
    })
    afterAll(() => entra.stop())

    const isAbsent = (request: string) => spec.cloud === 'china' && request.includes('riskyUsers')
    const readerGraph = () => {
      const [graph] = graphs
      if (!graph) throw new Error('nobody is signed in')
      return graph
    }

    test.each(requests)('%s, with pages of any size', async request => {
      const graph = readerGraph()
      const whole = await visit(graph, request, host)
      if (spec.licence === 'P2') expect(whole.status).toBe(isAbsent(request) ? 404 : 200)
      if (!request.includes('$top=')) return
      const small = await visit(
        graph,
        request.replace(/\$top=\d+/, whole.rows > 200 ? '$top=97' : '$top=3'),
        host,
      )
      expect(small).toMatchObject({ rows: whole.rows, status: whole.status })
      if (whole.rows > 3) expect(small.pages).toBeGreaterThan(whole.pages)
    })

    // Neither the cloud nor the size has a say in who may read what.
    const isTypical = spec.cloud === 'global' && Number(spec.size) < 1_000
    test.each(isTypical ? grants : [])('with $words, for every kind of account', async ({ scopes }) => {
      for (const signedIn of graphs) {
        const graph = await withGrant(entra, signedIn, scopes)
        for (const request of requests) {
          const { status } = await visit(graph, request, host)
          const isMeant = scopes === requiredScopes && spec.licence === 'P2' && signedIn === graphs[0]
          expect(status, request).toBeOneOf(isMeant ? [200] : [200, 403])
        }
      }
    })

    test.each([
      ['/nothing', 404],
      ['/users?$select=shoeSize', 400],
      ['/users?$top=1000', 400],
      ['/users?$select=id,signInActivity&$top=501', spec.licence === 'none' ? 403 : 400],
      ['/identityProtection/riskyUsers?$top=501', { P2: 400, P1: 403, none: 403 }[spec.licence ?? 'none']],
      ['/auditLogs/signIns?$top=1001', spec.licence === 'none' ? 403 : 400],
      ['/users?$skiptoken=abc', 400],
    ])('refuses %s with an error of the documented shape', async (request, expected) => {
      const { status, body, headers } = await readerGraph().get(request)
      expect(status).toBe(isAbsent(request) ? 404 : expected)
      isError(body)
      expect(isError.errors ?? []).toEqual([])
      expect(headers.get('request-id')).toBeTruthy()
    })
  })

  test('the values that catch readers out were among the answers', () => {
    expect([...oddities].sort()).toEqual([
      'accountEnabled=false',
      'createdDateTime=null',
      'displayName=null',
      'isDeleted=true',
      'lastSuccessfulSignInDateTime=',
      'lastSuccessfulSignInDateTime=0001-01-01T00:00:00Z',
      'mail=null',
      'platform=unknownFutureValue',
      'riskDetail=hidden',
      'riskDetail=unknownFutureValue',
      'riskEventTypes=unknownFutureValue',
      'riskLevelDuringSignIn=hidden',
      'signInActivity=absent',
      'state=enabledForReportingButNotEnforced',
      'userPreferredMethodForSecondaryAuthentication=unknownFutureValue',
      'userType=null',
    ])
  })
})

describeReference('the Graph stand-in refuses in the documented words', 'graph/errors', () => {
  let entra: EntraStandIn
  let graph: GraphReader
  beforeAll(async () => {
    entra = await startEntra({ tenants: [standInSpec()] })
    entra.setClock(now)
    graph = await connect(entra)
  })
  afterAll(() => entra.stop())

  const registration = '/reports/authenticationMethods/userRegistrationDetails'
  const without = (missing: string) => requiredScopes.filter(scope => scope !== missing)

  test.each<{ file: string; path: string; licence?: Licence; scopes?: string[]; fault?: Fault }>([
    { file: 'graph-403-non-premium', path: registration, licence: 'none' },
    {
      file: 'graph-403-not-licensed-identityprotection',
      path: '/identityProtection/riskyUsers',
      licence: 'P1',
    },
    {
      file: 'graph-403-permission-missing-reports',
      path: '/auditLogs/signIns',
      scopes: without('AuditLog.Read.All'),
    },
    {
      file: 'graph-403-scopes-missing-policies',
      path: '/identity/conditionalAccess/policies',
      scopes: without('Policy.Read.All'),
    },
    { file: 'graph-429-throttled', path: '/users', fault: { kind: 'throttle', retryAfter: 2.128, times: 1 } },
    { file: 'graph-401-claims-challenge', path: '/users', fault: { kind: 'claims-challenge', times: 1 } },
  ])('$file', async ({ file, path, licence = 'P2', scopes = requiredScopes, fault }) => {
    const tenant = entra.tenant(standInIds.tenantId)
    tenant.setLicence(licence)
    if (fault) tenant.fault(fault)
    const answer = await (await withGrant(entra, graph, scopes)).get(path)
    const published = answerSchema.parse(readReference(`graph/errors/${file}.json`))
    expect(answer.status).toBe(published.status)
    for (const [name, value] of Object.entries(published.headers ?? {})) {
      expect(answer.headers.get(name)).toBe(value)
    }
    if (published.body) {
      expect(inShape(answerSchema.shape.body.parse(answer.body))).toEqual(inShape(published.body))
    }
  })
})

const answerSchema = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z
    .object({
      error: z.object({
        code: z.string(),
        message: z.string(),
        innerError: z.record(z.string(), z.string()),
      }),
    })
    .optional(),
})

/** What is the same in every such answer: code and message, and the names of what stands inside. */
function inShape(body: z.infer<typeof answerSchema>['body']) {
  const { innerError = {}, ...rest } = body?.error ?? {}
  return {
    ...rest,
    inside: Object.keys(innerError)
      .filter(name => name !== 'client-request-id')
      .sort(),
  }
}

/** What is granted by now shows in the next token, not in the running one. */
async function withGrant(entra: EntraStandIn, graph: GraphReader, scopes: string[]): Promise<GraphReader> {
  entra.tenant(standInIds.tenantId).setGrantedScopes(scopes)
  const fresh = await redeem(entra, { refreshToken: graph.refreshToken }, standInIds.tenantId, {
    scope: 'openid',
  })
  const authorization = `Bearer ${fresh.body.access_token}`
  return { ...graph, get: (path, headers) => graph.get(path, { authorization, ...headers }) }
}

/** Real tenants send "" where the metadata wants a date or null; Microsoft's own examples do. */
function unexpected(errors: ErrorObject[], body: unknown): string[] {
  return errors
    .filter(error => {
      const isActivityDate = /signInActivity\/last\w+DateTime$/.test(error.instancePath)
      const isWrapper =
        error.keyword === 'anyOf' || (error.keyword === 'type' && error.params.type === 'null')
      const isEmptyDate = isActivityDate && valueAt(body, error.instancePath) === ''
      return !isEmptyDate && !(isWrapper && /signInActivity$/.test(error.instancePath))
    })
    .map(error => `${error.instancePath} ${error.message}`)
}

const catching: Record<string, readonly unknown[]> = {
  accountEnabled: [false],
  createdDateTime: [null],
  displayName: [null],
  isDeleted: [true],
  mail: [null],
  riskDetail: ['hidden', 'unknownFutureValue'],
  riskLevelDuringSignIn: ['hidden'],
  state: ['enabledForReportingButNotEnforced'],
  userPreferredMethodForSecondaryAuthentication: ['unknownFutureValue'],
  userType: [null],
}

const oddRow = z.looseObject({
  signInActivity: z.object({ lastSuccessfulSignInDateTime: z.string() }).optional(),
  riskEventTypes: z.array(z.string()).optional(),
  conditions: z
    .object({ platforms: z.object({ includePlatforms: z.array(z.string()) }).nullable() })
    .optional(),
})

function noteOddities(body: unknown, oddities: Set<string>): void {
  const isActivity = isRecord(body) && String(body['@odata.context']).includes('signInActivity')
  const rows = isRecord(body) && Array.isArray(body.value) ? body.value : []
  for (const row of rows.map(each => oddRow.parse(each))) {
    for (const [name, values] of Object.entries(catching)) {
      if (name in row && values.includes(row[name])) oddities.add(`${name}=${row[name]}`)
    }
    const last = row.signInActivity?.lastSuccessfulSignInDateTime
    if (last === '' || last?.startsWith('0001')) oddities.add(`lastSuccessfulSignInDateTime=${last}`)
    if (isActivity && !row.signInActivity) oddities.add('signInActivity=absent')
    const placeholder = 'unknownFutureValue'
    if (row.riskEventTypes?.includes(placeholder)) oddities.add(`riskEventTypes=${placeholder}`)
    if (row.conditions?.platforms?.includePlatforms.includes(placeholder))
      oddities.add(`platform=${placeholder}`)
  }
}

const pathOf = (request: string): string => request.split('?')[0] ?? ''

function valueAt(body: unknown, path: string): unknown {
  return path
    .split('/')
    .slice(1)
    .reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), body)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
