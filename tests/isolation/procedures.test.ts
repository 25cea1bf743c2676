import { and, eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { rateLimits } from '../../db/schema/accounts.ts'
import { member } from '../../db/schema/state.ts'
import { isAllowed, roles } from '../../server/domain/member/roles.ts'
import { newId } from '../../server/ledger/ids.ts'
import { isOpen } from '../../server/projections/range.ts'
import { contextOf, newMember, rejoin } from '../support/caller.ts'
import { idsOf } from '../support/known-ids.ts'
import {
  idFields,
  type OrganizationProcedure,
  organizationProcedures,
  outcomeOf,
  procedures,
  validInput,
} from '../support/procedures.ts'
import { seedSecondOrganization, seedSyncedOrganization } from '../support/seed.ts'

/** Ids by which a list is filtered or a place in it is kept: nothing is looked up by them. */
const filters: Readonly<Record<string, readonly string[]>> = {
  'ledger.events': ['streamId'],
  'ledger.eventsCsv': ['streamId'],
  'connections.progress': ['afterRun'],
}

describe('the router', () => {
  test.each(procedures)('$path declares who may call it', ({ access }) => {
    expect(access).toBeDefined()
  })

  test.each(procedures)('$path refuses fields that it does not know', ({ isStrict }) => {
    expect(isStrict).toBe(true)
  })

  test.each(procedures.filter(({ type }) => type !== 'subscription'))(
    '$path declares what it answers',
    ({ hasOutput }) => expect(hasOutput).toBe(true),
  )

  test.each(procedures.filter(({ fields }) => fields && 'organization' in fields))(
    '$path asks for an organization, and for a permission in it',
    ({ path }) => expect(organizationProcedures.map(procedure => procedure.path)).toContain(path),
  )

  test.each(['public', 'signed_in'] as const)(
    'of what is %s, outside of every organization, it was decided one by one',
    access => {
      const open = procedures.filter(procedure => procedure.access === access)
      expect(open.map(({ path }) => path).toSorted()).toEqual(outside[access].toSorted())
    },
  )
})

describe('procedures of an organization', async () => {
  const own = await seedSyncedOrganization()
  const foreign = await seedSecondOrganization(own)
  const ownIds = await idsOf(own)
  const foreignIds = await idsOf(foreign)
  const period = { from: new Date(0), to: new Date(own.clock.now().getTime() + 86_400_000) }
  const { services } = own
  const owner = contextOf(services, { id: own.userId, name: 'Ada Owner', email: 'ada@example.com' })
  const stranger = contextOf(services, { id: foreign.userId, name: 'Mallory', email: 'mal@example.com' })
  const members = new Map(
    await Promise.all(roles.map(async role => [role, await newMember(own, role, period)] as const)),
  )

  const known = {
    ...ownIds,
    organization: own.slug,
    connector: 'entra',
    kind: 'user_inventory',
    controlId: 'AC-02',
    position: 1,
    externalTenantId: '3f0e4a2c-0d7c-4d5a-9d55-0f6d3f5f2b11',
    clientId: '3f0e4a2c-0d7c-4d5a-9d55-0f6d3f5f2b12',
    clientSecret: 'value~of.the-secret',
    secretExpiresOn: '2100-01-01',
    cloud: 'global',
    scope: 'period',
    from: '2025-03-10T08:00:00Z',
    cadence: 'daily',
    periodFrom: '2025-03-10',
    periodTo: '2025-03-10',
    controls: ['AC-02'],
    instants: ['2025-03-10T10:00:00Z'],
    ...decided,
    years: '9',
  }
  const unknown = Object.fromEntries(Object.keys(ownIds).map(name => [name, newId()]))

  beforeEach(() => services.database.outsideTenant.delete(rateLimits))

  test.each(organizationProcedures)('$path asks who calls', async procedure => {
    const outcome = await outcomeOf(contextOf(services, null), procedure.path, validInput(procedure, known))
    expect(outcome.code).toBe('unauthenticated')
  })

  test.each(organizationProcedures)(
    '$path answers a stranger as if the organization did not exist',
    async procedure => {
      const there = await outcomeOf(stranger, procedure.path, validInput(procedure, known))
      const nowhere = validInput(procedure, { ...known, organization: 'no-such-organization' })
      expect(there.code).toBe('not_found')
      expect(await outcomeOf(stranger, procedure.path, nowhere)).toEqual(there)
    },
  )

  test.each(procedures.filter(({ access }) => access === 'signed_in'))(
    '$path, outside of an organization, asks who calls',
    async procedure => {
      const outcome = await outcomeOf(contextOf(services, null), procedure.path, validInput(procedure, known))
      expect(outcome.code).toBe('unauthenticated')
    },
  )

  const inRoles = organizationProcedures.flatMap(procedure => roles.map(role => ({ procedure, role })))

  test.each(inRoles)('$procedure.path knows what a member who is $role may', async ({ procedure, role }) => {
    const user = members.get(role) ?? null
    if (user && !(await isMember(user.id))) await rejoin(own, user.id, role, period)
    const context = contextOf(services, user)
    if (isAllowed(role, procedure.access)) {
      const { code } = await outcomeOf(
        context,
        procedure.path,
        validInput(procedure, { ...known, ...unknown }),
      )
      expect(['forbidden', 'unauthenticated', 'internal']).not.toContain(code)
    } else {
      const { code } = await outcomeOf(context, procedure.path, validInput(procedure, known))
      expect(code).toBe('forbidden')
    }
  })

  // A subject's id is its directory's own, and both organizations read the same directory.
  const withIds = organizationProcedures.flatMap(procedure =>
    idFields(procedure)
      .filter(field => field !== 'subject')
      .map(field => ({ procedure, field, path: procedure.path })),
  )

  test.each(withIds)(
    "$path answers another organization's $field like one that nobody has",
    async ({ procedure, field, path }) => {
      const ask = (value: unknown) =>
        outcomeOf(owner, path, { ...validInput(procedure, known), [field]: value })
      expect(foreignIds, `say in this test what a foreign ${field} is`).toHaveProperty(field)
      const answer = await ask(foreignIds[field])
      expect(await ask(newId())).toEqual(answer)
      if (!filters[path]?.includes(field)) expect(answer.code).toBe('not_found')
    },
  )

  const mutations = procedures.filter(({ type }) => type === 'mutation')

  test('of every mutation it was decided whether it asks for a fresh sign-in', () => {
    expect([...dangerous, ...everyday].toSorted()).toEqual(mutations.map(({ path }) => path).toSorted())
  })

  test.each(mutations)('$path asks for a fresh sign-in just where it is dangerous', async ({ path }) => {
    const { user, session } = owner.signedIn ?? {}
    if (!user || !session) throw new Error('the owner is not signed in')
    const createdAt = new Date(Date.now() - 15 * 60_000)
    const stale = { ...owner, signedIn: { user, session: { ...session, createdAt } } }
    // The field too many keeps what is asked for no fresh sign-in from being carried out.
    const { code } = await outcomeOf(stale, path, { organization: own.slug, unknown: 1 })
    expect(code === 'fresh_sign_in_required').toBe(dangerous.includes(path))
  })

  test('a member who was removed is a stranger to all of them at once', async () => {
    const user = await newMember(own, 'admin')
    const removal = { organization: own.slug, userId: user.id, confirmation: user.email }
    await outcomeOf(owner, 'memberRemove', removal)
    const codes = await Promise.all(
      organizationProcedures.map(procedure => codeFor(procedure, contextOf(services, user))),
    )
    expect(new Set(codes)).toEqual(new Set(['not_found']))
  })

  async function codeFor(procedure: OrganizationProcedure, context: ReturnType<typeof contextOf>) {
    return (await outcomeOf(context, procedure.path, validInput(procedure, known))).code
  }

  async function isMember(userId: string): Promise<boolean> {
    const { organizationId } = own
    const rows = await services.database.withOrganization(organizationId, transaction =>
      transaction
        .select({ userId: member.userId })
        .from(member)
        .where(and(isOpen(member, organizationId), eq(member.userId, userId))),
    )
    return rows.length > 0
  }
})

/** For anybody, and for whoever is signed in. */
const outside = {
  public: [
    'sessionCurrent',
    'signIn',
    'signInCode',
    'signOut',
    'passkeys.signInOptions',
    'passkeys.signIn',
    'register',
    'verifyEmail',
    'requestPasswordReset',
    'resetPassword',
    'invitationShow',
    'invitationAccept',
  ],
  signed_in: [
    'connections.complete',
    'organizationCreate',
    'organizationList',
    'listSessions',
    'revokeSession',
    'changePassword',
    'secondFactor.show',
    'secondFactor.begin',
    'secondFactor.confirm',
    'secondFactor.renewBackupCodes',
    'secondFactor.turnOff',
    'passkeys.registerOptions',
    'passkeys.register',
    'passkeys.remove',
  ],
}

/** What destroys, hands out, changes who gets in, or cannot be taken back. */
const dangerous: readonly string[] = [
  'connections.revoke',
  'connections.replaceSecret',
  'keys.rotate',
  'keys.choose',
  'exports.request',
  'assessments.approve',
  'retention.change',
  'erasures.request',
  'organizations.requestDeletion',
  'settings.requireSecondFactor',
  'passkeys.registerOptions',
  'passkeys.register',
  'passkeys.remove',
  'secondFactor.begin',
  'secondFactor.confirm',
  'secondFactor.renewBackupCodes',
  'secondFactor.turnOff',
]

/** What does not ask. `changePassword` asks for the present one instead. */
const everyday: readonly string[] = [
  'connections.begin',
  'connections.reauthorize',
  'connections.complete',
  'connections.syncNow',
  'accounts.declare',
  'accounts.withdraw',
  'accounts.listAdministrator',
  'reviews.acknowledge',
  'reviews.settle',
  'reviews.correct',
  'reviews.confirmGuests',
  'exceptions.request',
  'exceptions.decide',
  'settings.setThreshold',
  'settings.scopeControl',
  'settings.scopeSource',
  'settings.adoptCatalogue',
  'ledger.verify',
  'subscriptions.subscribe',
  'subscriptions.subscribeWebhook',
  'subscriptions.end',
  'alerts.acknowledge',
  'alerts.chooseMail',
  'alerts.chooseWebhook',
  'alerts.testMail',
  'webhooks.add',
  'webhooks.remove',
  'webhooks.test',
  'exports.download',
  'assessments.open',
  'assessments.rename',
  'assessments.changePeriod',
  'assessments.attach',
  'assessments.attachCurrent',
  'assessments.detach',
  'assessments.submit',
  'assessments.sendBack',
  'assessments.drawSample',
  'assessments.sampleCsv',
  'assessments.populationCsv',
  'erasures.lift',
  'organizations.cancelDeletion',
  'passkeys.signInOptions',
  'passkeys.signIn',
  'signIn',
  'signInCode',
  'signOut',
  'register',
  'verifyEmail',
  'requestPasswordReset',
  'resetPassword',
  'changePassword',
  'revokeSession',
  'organizationCreate',
  'memberInvite',
  'memberChangeRole',
  'memberRemove',
  'memberLeave',
  'invitationWithdraw',
  'invitationAccept',
]

/** A decision as forms send it. */
const decided = {
  thresholdId: 'silent_days',
  value: 60,
  subjectKind: 'account',
  class: 'service',
  reason: 'It runs the backup.',
  expiresOn: '',
  decision: 'withdraw',
  fingerprint: '0'.repeat(64),
  outcome: 'benign',
}
