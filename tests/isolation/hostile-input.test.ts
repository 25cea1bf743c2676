import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rateLimits } from '../../db/schema/accounts.ts'
import { newId } from '../../server/ledger/ids.ts'
import { registerOrganization } from '../../server/members/register-organization.ts'
import { connectOffice } from '../support/offices.ts'
import { newAddress, newPerson } from '../support/people.ts'
import { outcomeOf, procedures, validInput } from '../support/procedures.ts'
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
  organization: slug,
  connectionId,
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
  subjectKind: 'reason',
  subjectId: 'no_second_factor',
  class: 'service',
  ownerId: owner.id,
  decision: 'approve',
  fingerprint: '0'.repeat(64),
  outcome: 'handled_elsewhere',
  settledAt: '2025-03-10T09:00',
  expiresOn: '2025-06-01',
  isInScope: false,
}

/** What forms and addresses are filled with by who means no good, and by accident. */
const hostileTexts = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'name \udfff',
  '\u202Egnp.exe',
  '\r\nBcc: everybody@example.com',
  "'; drop table ledger.events; --",
  '../../../etc/passwd',
  '%00',
  '<script>alert(1)</script>',
  '{{7*7}}',
  '__proto__',
  'constructor',
  'toString',
  '-1',
  '1e999',
  'NaN',
  '9'.repeat(15),
  '9'.repeat(400),
  '٣',
  'now',
  '0000-01-01',
  '0000-01-01T00:00Z',
  '0001-01-01T00:00+14:00',
  '9999-12-31T23:59:59.999-14:00',
  '2026-02-31',
  '2026-02-31T24:00Z',
  '2025-03-10T09:00:00Z@0',
  '2025-03-10T09:00:00Z@999999999999999',
  '0000-01-01@0',
  'after:------------------------------------',
  'before:00000000-0000-0000-0000-00000000000g',
  `after:${newId()}`,
  '-'.repeat(36),
  newId(),
  newId().toUpperCase(),
  'user:--',
  'user:',
  'x'.repeat(120),
  'x'.repeat(100_000),
  '\u{1F469}\u200D\u{1F4BB}'.repeat(30),
  '"a b"@example.com',
  `${'a'.repeat(64)}@${'b'.repeat(63)}.example`,
  'state=\u0000&code=x',
  `state=${organizationId}.${newId()}.${'A'.repeat(43)}&code=x`,
]

const hostileValues: readonly unknown[] = [
  ...hostileTexts,
  ...[-1, 0, 0.5, 1e308, Number.NaN, 2 ** 53, Number.MAX_SAFE_INTEGER],
  ...[null, true, [], {}, ['x'], { $gt: '' }, new Date(Number.NaN)],
]

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

describe('whatever is sent, a procedure answers with words and never breaks', () => {
  test.each(procedures)('$path', async procedure => {
    const { path, fields } = procedure
    const broken: string[] = []
    const ask = async (input: unknown) => {
      const { code } = await outcomeOf(await signedInContext(), path, input)
      if (code === 'internal') broken.push(inspect(input).slice(0, 300))
    }
    for (const input of [undefined, null, 'x', [], 1, { organization: {} }]) await ask(input)
    const valid = validInput(procedure, known)
    const names = Object.keys(fields ?? {})
    const values = hostileValues.filter((_, index) => !hashing.includes(path) || index % 5 === 0)
    // The organization is read in one place for all: the first of them shows it.
    for (const name of names.filter(name => name !== 'organization' || path === 'connectors.list')) {
      for (const value of values) await ask({ ...valid, [name]: value })
    }
    const nameAt = (index: number) => names[index % names.length] ?? ''
    await fc.assert(
      fc.asyncProperty(pairs, ([one, other, text, value]) =>
        ask({ ...valid, [nameAt(one)]: text, [nameAt(other)]: value }),
      ),
      { numRuns: names.length === 0 ? 0 : 10 },
    )
    expect(broken).toEqual([])
  })
})

/** A request of the owner's browser from an address that has asked nothing yet; signed in anew where that was undone. */
async function signedInContext() {
  await services.database.outsideTenant.delete(rateLimits)
  // A new organization is not simulated: its ledger holds the clock to the present.
  scene.clock.jump(Date.now() - scene.clock.now().getTime())
  const { browser, email, password } = owner
  const context = await browser.context()
  if (context.signedIn) return { ...context, clientAddress: newAddress() }
  await browser.call(caller => caller.signIn({ email, password }))
  return browser.context()
}
