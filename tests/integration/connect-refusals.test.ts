import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signInAndConsent } from '../../sandbox/entra/browse.ts'
import { requiredScopes } from '../../sandbox/entra/types.ts'
import { clientSecret, secretId } from '../support/entra.ts'
import {
  call,
  comeBack,
  complete,
  connectForm,
  connectOffice,
  type Office,
  openOffice,
  remains,
} from '../support/offices.ts'
import { newPerson } from '../support/people.ts'
import { useScene } from '../support/seed.ts'

const scene = await useScene()
const tenant = scene.entra.tenant(scene.spec.tenantId)
let office: Office
let before: Awaited<ReturnType<typeof remains>>

beforeEach(async () => {
  office = await openOffice(scene)
  before = await remains(scene, office)
})

afterEach(() => {
  tenant.setGrantedScopes([...requiredScopes])
  tenant.setSecret({ value: clientSecret })
  tenant.clearFaults()
})

async function expectNothingRemains() {
  expect(await remains(scene, office)).toEqual(before)
}

describe('a connect attempt that the source refuses', () => {
  const cases = [
    {
      name: 'the person declined',
      callback: () => comeBack(scene, office, { decline: true }),
      says: { title: 'The permissions were declined', field: null, code: 'AADSTS65004' },
    },
    {
      name: 'consent is missing and the account cannot give it',
      prepare: () => tenant.setGrantedScopes([]),
      callback: () => comeBack(scene, office),
      says: { title: 'An administrator has to consent', field: null, code: 'AADSTS90094' },
    },
    {
      name: 'the secret is wrong',
      callback: () => comeBack(scene, office, { form: { clientSecret: 'another~value.entirely' } }),
      says: { title: 'The client secret is wrong', field: 'clientSecret', code: 'AADSTS7000215' },
    },
    {
      name: 'the secret has expired',
      prepare: () =>
        tenant.setSecret({
          value: clientSecret,
          expiresAt: new Date(scene.clock.now().getTime() - 86_400_000),
        }),
      callback: () => comeBack(scene, office),
      says: { title: 'The client secret has expired', field: 'clientSecret', code: 'AADSTS7000222' },
    },
    {
      name: 'the account belongs to another directory',
      callback: async () => {
        const callback = await comeBack(scene, office)
        const description = 'AADSTS50020: User account does not exist in tenant'
        return new URLSearchParams({
          error: 'interaction_required',
          error_description: description,
          state: callback.get('state') ?? '',
        })
      },
      says: { title: 'This account does not belong to the directory', field: null, code: 'AADSTS50020' },
    },
    {
      name: 'the application may write, which the page names',
      prepare: () => tenant.setGrantedScopes([...requiredScopes, 'User.ReadWrite.All']),
      callback: () => comeBack(scene, office),
      says: { title: 'The application may do more than read', field: null, code: null },
      named: 'User.ReadWrite.All',
    },
  ]

  test.each(cases)('leaves nothing half-connected when $name', async ({ prepare, callback, says, named }) => {
    prepare?.()
    const outcome = await complete(office, await callback())
    expect(outcome).toMatchObject({
      outcome: 'refused',
      organization: office.slug,
      purpose: 'connect',
      ...says,
    })
    if (outcome.outcome !== 'refused') throw new Error('not refused')
    expect(outcome.remedy.length).toBeGreaterThan(0)
    expect(`${outcome.explanation} ${outcome.remedy.join(' ')}`).toContain(named ?? '')
    const { externalTenantId, clientId, cloud, secretExpiresOn } = connectForm(scene, office)
    expect(outcome.typed).toEqual({ externalTenantId, clientId, cloud, secretExpiresOn })
    expect(JSON.stringify(outcome)).not.toContain(clientSecret)
    await expectNothingRemains()
    expect(
      scene.jobs.filter(
        job => 'organizationId' in job.payload && job.payload.organizationId === office.organizationId,
      ),
    ).toEqual([])
  })

  test('is answered once: the same address again is unknown', async () => {
    const callback = await comeBack(scene, office, { decline: true })
    expect(await complete(office, callback)).toMatchObject({ outcome: 'refused' })
    expect(await complete(office, callback)).toEqual({ outcome: 'unknown_state' })
  })
})

describe('a state', () => {
  test('that was used before connects nothing a second time', async () => {
    const callback = await comeBack(scene, office)
    expect(await complete(office, callback)).toMatchObject({ outcome: 'connected' })
    const after = await remains(scene, office)
    expect(await complete(office, callback)).toEqual({ outcome: 'unknown_state' })
    expect(await remains(scene, office)).toEqual(after)
  })

  test('of another session of the same person is unknown, and stays good for its own', async () => {
    const callback = await comeBack(scene, office)
    const { email, password, id, name, browser } = office.owner
    const elsewhere = await newPerson(scene.services)
    await elsewhere.browser.call(caller => caller.signIn({ email, password }))
    const samePerson = { owner: { id, name, email, password, browser: elsewhere.browser } }
    expect(await complete(samePerson, callback)).toEqual({ outcome: 'unknown_state' })
    expect(await remains(scene, office)).toEqual({ ...before, attempts: 1 })
    expect(
      await browser.call(caller => caller.connections.complete({ query: callback.toString() })),
    ).toMatchObject({
      outcome: 'connected',
    })
  })

  test('of an organization that the person is no member of is unknown', async () => {
    const callback = await comeBack(scene, office)
    const stranger = await openOffice(scene, 'Elsewhere')
    expect(await complete(stranger, callback)).toEqual({ outcome: 'unknown_state' })
    expect(await remains(scene, office)).toEqual({ ...before, attempts: 1 })
  })

  test('that is older than ten minutes is unknown, and its secret is gone', async () => {
    const callback = await comeBack(scene, office)
    scene.clock.jump(10 * 60_000 + 1)
    expect(await complete(office, callback)).toEqual({ outcome: 'unknown_state' })
    await expectNothingRemains()
  })

  test.each(['', 'state=forged', `state=${'a'.repeat(200)}&code=1`, 'error=access_denied'])(
    'such as "%s" is unknown',
    async query => {
      expect(await complete(office, new URLSearchParams(query))).toEqual({ outcome: 'unknown_state' })
      await expectNothingRemains()
    },
  )

  test('needs somebody who is signed in', async () => {
    const callback = await comeBack(scene, office)
    await office.owner.browser.call(caller => caller.signOut())
    await expect(complete(office, callback)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })
})

describe('the connect form', () => {
  test('names each field and what to put there, and begins nothing', async () => {
    const failure = await call(office, caller =>
      caller.connections.begin({
        ...connectForm(scene, office),
        externalTenantId: 'contoso.onmicrosoft.com',
        clientSecret: secretId,
        secretExpiresOn: '2020-01-01',
        cloud: 'moon',
      }),
    ).catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: 'BAD_REQUEST',
      cause: {
        fields: {
          externalTenantId: expect.stringContaining('looks like'),
          clientSecret: expect.stringContaining('Secret ID'),
          secretExpiresOn: expect.stringContaining('ended already'),
          cloud: expect.any(String),
        },
      },
    })
    await expectNothingRemains()
  })

  test('refuses a directory that is connected already and says which connection it is', async () => {
    const connectionId = await connectOffice(scene, office)
    await expect(
      call(office, caller => caller.connections.begin(connectForm(scene, office))),
    ).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { details: { connectionId } },
    })
  })

  test('lets only so many attempts begin in an hour', async () => {
    for (let attempt = 0; attempt < 20; attempt++) {
      await call(office, caller => caller.connections.begin(connectForm(scene, office)))
    }
    await expect(
      call(office, caller => caller.connections.begin(connectForm(scene, office))),
    ).rejects.toMatchObject({
      code: 'TOO_MANY_REQUESTS',
    })
  })
})

describe('a permission that is missing', () => {
  test('does not hold up the others: it connects, and the kinds that hang on it are named', async () => {
    const missing = 'IdentityRiskyUser.Read.All'
    const { authorizeUrl } = await call(office, caller =>
      caller.connections.begin(connectForm(scene, office)),
    )
    const back = await signInAndConsent(authorizeUrl)
    tenant.setGrantedScopes(requiredScopes.filter(scope => scope !== missing))
    const outcome = await complete(office, back.searchParams)
    if (outcome.outcome !== 'connected') throw new Error(JSON.stringify(outcome))
    const { connectionId } = outcome
    const page = await call(office, (caller, organization) =>
      caller.connections.get({ organization, connectionId }),
    )
    expect(page.scopes).toContainEqual({ scope: missing, state: 'missing', kinds: ['Risky users'] })
    expect(page.scopes.filter(({ state }) => state === 'granted')).toHaveLength(3)
    expect(page.connection).toMatchObject({ status: 'connected', missingScopes: [missing] })
  })
})
