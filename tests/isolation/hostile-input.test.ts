import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { rateLimits } from '../../db/schema/accounts.ts'
import { newId } from '../../server/ledger/ids.ts'
import { registerOrganization } from '../../server/members/register-organization.ts'
import { contextOf } from '../support/caller.ts'
import { hostileValues } from '../support/hostile.ts'
import { valuesNear } from '../support/input-values.ts'
import { idsOf } from '../support/known-ids.ts'
import { testLaw } from '../support/law.ts'
import { connectOffice } from '../support/offices.ts'
import { newAddress, newPerson } from '../support/people.ts'
import { organizationProcedures, outcomeOf, procedures, validInput } from '../support/procedures.ts'
import { syncNow, useScene } from '../support/seed.ts'

const scene = await useScene()
const { services } = scene
const owner = await newPerson(services, 'Olive Owner')
const { organizationId, slug } = await registerOrganization(services, {
  userId: owner.id,
  name: 'Harbour Street',
  simulated: true,
})
const connectionId = await connectOffice(scene, { owner, organizationId, slug })
await syncNow({ ...scene, organizationId }, connectionId)

const known = {
  ...(await idsOf({ ...scene, organizationId, slug, userId: owner.id, connectionId })),
  organization: slug,
  /** Another one each time: an address that is there already is refused before anything else is looked at. */
  get url() {
    return `http://127.0.0.1:9/${newId()}`
  },
  connector: 'entra',
  kind: 'user_inventory',
  controlId: 'AC-02',
  position: 1,
  externalTenantId: '3f0e4a2c-0d7c-4d5a-9d55-0f6d3f5f2b11',
  clientId: '3f0e4a2c-0d7c-4d5a-9d55-0f6d3f5f2b12',
  clientSecret: 'value~of.the-secret',
  secretExpiresOn: '2100-01-01',
  cloud: 'global',
  cadence: 'daily',
  years: '9',
  role: 'auditor',
  periodFrom: '2025-01-01',
  periodTo: '2025-12-31',
  expiresAt: '2100-01-01',
  scope: 'period',
  controls: ['AC-02'],
  instants: ['2025-03-10T10:00:00Z'],
  thresholdId: 'silent_days',
  value: 60,
  subjectKind: 'account',
  class: 'service',
  decision: 'approve',
  fingerprint: '0'.repeat(64),
  outcome: 'handled_elsewhere',
  settledAt: '2025-03-10T09:00',
  expiresOn: '2025-06-01',
  isInScope: false,
}

/** Two fields at once, so that one that is refused first does not hide what another would do. */
const pairs = fc.tuple(
  fc.nat(),
  fc.nat(),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(...hostileValues),
)

/** Each call hashes a password, on purpose slowly: a part of the values will do. */
const hashing: readonly string[] = [
  'signIn',
  'changePassword',
  'secondFactor.begin',
  'secondFactor.renewBackupCodes',
  'secondFactor.turnOff',
]

const anyValue = fc.oneof(
  fc.constantFrom(...hostileValues),
  fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, maxDepth: 2 }),
)
const anyName = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'isAdmin'), fc.string({ maxLength: 12 }))

/** So many of the values that a field takes are carried through for each; every one of them is, sooner or later, by the law. */
const carried = 5
const nul = 'a\u0000b'

describe('whatever is sent, a procedure answers with words and never breaks', () => {
  test.each(procedures)('$path', async procedure => {
    const { path, fields } = procedure
    const broken: string[] = []
    const ask = async (input: unknown) => {
      if ((await answerTo(path, input)) === 'internal') broken.push(inspect(input).slice(0, 300))
    }
    for (const input of [undefined, 'x', { organization: {} }]) await ask(input)
    const valid = () => validInput(procedure, known)
    const names = Object.keys(fields ?? {})
    for (const [name, schema] of Object.entries(fields ?? {})) {
      // The organization is read in one place for all.
      if (name === 'organization' && path !== 'connectors.list') continue
      const { refused, others } = sorted(schema)
      if (refused !== undefined) await ask({ ...valid(), [name]: refused })
      // What PostgreSQL takes in no text is carried through every time.
      if (others.includes(nul)) await ask({ ...valid(), [name]: nul })
      const maxLength = Math.min(others.length, hashing.includes(path) ? 1 : carried)
      for (const value of fc
        .sample(fc.shuffledSubarray(others, { maxLength, minLength: maxLength }), 1)
        .flat())
        await ask({ ...valid(), [name]: value })
    }
    const nameAt = (index: number) => names[index % names.length] ?? ''
    await fc.assert(
      fc.asyncProperty(pairs, ([one, other, text, value]) =>
        ask({ ...valid(), [nameAt(one)]: text, [nameAt(other)]: value }),
      ),
      { numRuns: names.length === 0 ? 0 : 3 },
    )
    expect(broken).toEqual([])
  })
})

/** The hostile values by what a field's schema says: one that it refuses, as it does all of them, and the others. */
function sorted(schema: z.ZodType): { refused: unknown; others: unknown[] } {
  const refused = new Set(hostileValues.filter(value => isRefused(schema, value)))
  return { refused: [...refused][0], others: hostileValues.filter(value => !refused.has(value)) }
}

/** Whether the schema itself says no; what throws instead has to be seen whole. */
function isRefused(schema: z.ZodType, value: unknown): boolean {
  try {
    return !schema.safeParse(value).success
  } catch {
    return false
  }
}

/** Values near what each field takes, some hostile, some left out; and now and then a field too many. */
const around = fc
  .constantFrom(...procedures.filter(({ path }) => !hashing.includes(path)))
  .chain(procedure => {
    const valid = validInput(procedure, known)
    const near = Object.entries(procedure.fields ?? {}).map(([name, schema]) => {
      const fitting = { weight: 4, arbitrary: fc.constant(valid[name]) }
      return [name, fc.oneof(fitting, { weight: 4, arbitrary: valuesNear(schema) }, anyValue)] as const
    })
    return fc.record({
      procedure: fc.constant(procedure),
      fields: fc.record(Object.fromEntries(near), { requiredKeys: [] }),
      more: fc.option(fc.dictionary(anyName, fc.anything({ maxDepth: 1 }), { maxKeys: 2 }), { freq: 3 }),
    })
  })

testLaw(
  'whatever is generated in and around an input is answered in words; what is refused stores nothing, a field too many is refused',
  fc.asyncProperty(around, async ({ procedure: { path, fields: expected }, fields, more }) => {
    const input = { ...fields, ...more }
    const head = await services.ledger.resolve(organizationId, { kind: 'now' })
    const code = await answerTo(path, input)
    const asked = `${path} ${inspect(input).slice(0, 2_000)}`
    expect(code, asked).not.toBe('internal')
    if (Object.keys(more ?? {}).some(name => expected && !Object.hasOwn(expected, name)))
      expect(code, asked).not.toBe('ok')
    if (code === 'ok') return
    const { position } = await services.ledger.resolve(organizationId, { kind: 'now' })
    expect(position, asked).toBe(head.position)
  }),
  { runs: 250, seconds: 6 },
)

/** The code that the owner is answered, from an address that has asked nothing yet. */
async function answerTo(path: string, input: unknown): Promise<string> {
  // A new organization is not simulated: its ledger holds the clock to the present.
  scene.clock.jump(Date.now() - scene.clock.now().getTime())
  const ask = async () => (await outcomeOf(await contextFor(path), path, input)).code
  const code = await ask()
  if (code !== 'too_many_requests') return code
  await services.database.outsideTenant.delete(rateLimits)
  return ask()
}

/** Inside an organization who is signed in is all that counts; elsewhere a browser's session, begun anew where it ended. */
async function contextFor(path: string) {
  if (organizationProcedures.some(procedure => procedure.path === path)) return contextOf(services, owner)
  const { browser, email, password } = owner
  const context = await browser.context()
  if (context.signedIn) return { ...context, clientAddress: newAddress() }
  await services.database.outsideTenant.delete(rateLimits)
  await browser.call(caller => caller.signIn({ email, password }))
  return browser.context()
}
