import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { EntraStandIn } from '../../sandbox/entra/start-entra.ts'
import { startEntra } from '../../sandbox/entra/start-entra.ts'
import type { Licence, TenantSpec } from '../../sandbox/entra/types.ts'
import { describeReference, readReference } from '../support/reference-data.ts'
import { connect, type GraphReader, standInSpec } from '../support/stand-in.ts'

const schemaFile = 'graph/graph-v1.0.schema.json'

const riskFilter = [
  'createdDateTime ge 2026-02-01T00:00:00Z and createdDateTime le 2026-03-02T00:00:00Z',
  "(riskState eq 'atRisk' or riskState eq 'confirmedCompromised' or riskState eq 'remediated' or riskState eq 'dismissed' or riskState eq 'confirmedSafe')",
].join(' and ')

const everyUserProperty = [
  'id,displayName,userPrincipalName,mail,userType,accountEnabled,createdDateTime,creationType',
  'externalUserState,onPremisesSyncEnabled,employeeHireDate,assignedPlans',
].join(',')

const collections: [path: string, root: string][] = [
  [`/users?$select=${everyUserProperty}&$top=40`, 'userCollection'],
  ['/users', 'userCollection'],
  ['/users?$select=id,signInActivity&$top=50', 'userCollection'],
  ['/reports/authenticationMethods/userRegistrationDetails?$top=30', 'userRegistrationDetailsCollection'],
  ['/policies/identitySecurityDefaultsEnforcementPolicy', 'identitySecurityDefaultsEnforcementPolicy'],
  ['/identity/conditionalAccess/policies', 'conditionalAccessPolicyCollection'],
  ['/identityProtection/riskyUsers?$top=10', 'riskyUserCollection'],
  [`/auditLogs/signIns?$filter=${encodeURIComponent(riskFilter)}&$top=8`, 'signInCollection'],
  ['/auditLogs/signIns?$filter=createdDateTime ge 2026-03-01T06:00:00Z&$top=500', 'signInCollection'],
]

const directories: (Partial<TenantSpec> & { licence: Licence })[] = [
  { licence: 'P2', seed: 1, size: 10 },
  { licence: 'P2', seed: 20_260_101, size: 150, churn: true },
  { licence: 'P1', seed: 3, size: 320, churn: true, lateArrivals: true },
  { licence: 'none', seed: 4, size: 77 },
]

describeReference('the Graph stand-in answers in the shape of Graph v1.0', schemaFile, () => {
  const schema = z.looseObject({ $id: z.string() }).parse(readReference(schemaFile))
  const ajv = new Ajv2020({ strict: false, allErrors: true }).addSchema(schema)
  const validator = (root: string): ValidateFunction => {
    const validate = ajv.getSchema(`${schema.$id}#/$defs/${root}`)
    if (!validate) throw new Error(`The schema has no ${root}`)
    return validate
  }

  describe.each(directories)('with $licence, $size users, seed $seed', spec => {
    let entra: EntraStandIn
    let graph: GraphReader

    beforeAll(async () => {
      entra = await startEntra({ tenants: [standInSpec(spec)] })
      entra.setClock(new Date('2026-03-01T10:00:00Z'))
      graph = await connect(entra)
    })
    afterAll(() => entra.stop())

    test.each(collections)('%s', async (path, root) => {
      let next: string | undefined = path
      let pages = 0
      while (next !== undefined && pages < 40) {
        const { status, body } = await graph.get(next)
        const isError = status !== 200
        expect(status, JSON.stringify(body)).toBeOneOf([200, 403])
        expect(status === 200 || spec.licence !== 'P2').toBe(true)
        const validate = validator(isError ? 'odataError' : root)
        validate(body)
        expect(unexpected(validate.errors ?? [], body)).toEqual([])
        next = isError ? undefined : graph.nextPath(body)
        pages += 1
      }
      expect(pages).toBeGreaterThan(0)
    })

    test.each([
      '/nothing',
      '/users?$select=shoeSize',
      '/users?$top=1000',
      '/users/$count',
      '/users?$skiptoken=abc',
    ])('refuses %s with an error of the documented shape', async path => {
      const { status, body, headers } = await graph.get(path)
      expect(status).toBeOneOf([400, 404])
      const validate = validator('odataError')
      validate(body)
      expect(validate.errors ?? []).toEqual([])
      expect(headers.get('request-id')).toBeTruthy()
    })
  })
})

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

function valueAt(body: unknown, path: string): unknown {
  return path
    .split('/')
    .slice(1)
    .reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), body)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
