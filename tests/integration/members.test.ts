import { and, eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { userMembership } from '../../db/schema/accounts.ts'
import { events } from '../../db/schema/ledger.ts'
import { invitation } from '../../db/schema/state.ts'
import type { Role } from '../../server/domain/member/roles.ts'
import { newId } from '../../server/ledger/ids.ts'
import { registerOrganization } from '../../server/members/register-organization.ts'
import { resolveAccess } from '../../server/members/resolve-access.ts'
import {
  day,
  newEmail,
  newPassword,
  newPerson,
  newUnconfirmed,
  offsetClock,
  openBrowser,
  type Person,
} from '../support/people.ts'
import { appOrigin, useServices } from '../support/services.ts'

const clock = offsetClock()
const { services, smtp } = await useServices({ clock, entraOrigin: () => 'http://127.0.0.1:9' })

beforeEach(() => {
  clock.offset = 0
})

const refusal = (code: string, words?: RegExp) =>
  expect.objectContaining({
    cause: expect.objectContaining({ code, ...(words && { userMessage: expect.stringMatching(words) }) }),
  })

async function newOrganization(owner?: Person, simulated = false) {
  const person = owner ?? (await newPerson(services, 'Olive Owner'))
  const made = await registerOrganization(services, {
    userId: person.id,
    name: `Company ${newId().slice(-6)}`,
    simulated,
  })
  return { owner: person, organization: made.slug, organizationId: made.organizationId }
}

type Scene = Awaited<ReturnType<typeof newOrganization>>
const grant = { periodFrom: '2025-01-01', periodTo: '2025-12-31', expiresAt: isoDay(60 * day) }

function isoDay(ahead: number) {
  return new Date(Date.now() + ahead).toISOString().slice(0, 10)
}

async function invited({ owner, organization }: Scene, email: string, role: Role = 'viewer', part = {}) {
  smtp.clear()
  const { invitationId } = await owner.browser.call(caller =>
    caller.memberInvite({ organization, email, role, ...part }),
  )
  const mail = await smtp.waitFor(mail => mail.to.includes(email) && mail.text.includes('/invite/'))
  const [, token = ''] = /\/invite\/(\S+)/.exec(mail.text) ?? []
  return { invitationId, token, mail }
}

async function joined(scene: Scene, role: Role, part = {}): Promise<Person> {
  const person = await newPerson(services)
  const { token } = await invited(scene, person.email, role, part)
  await person.browser.call(caller => caller.invitationAccept({ token }))
  return person
}

const eventTypes = ({ organizationId }: Scene) =>
  services.database.withOrganization(organizationId, async transaction =>
    (
      await transaction
        .select({ type: events.eventType })
        .from(events)
        .where(eq(events.organizationId, organizationId))
        .orderBy(events.position)
    ).map(({ type }) => type),
  )

describe('an organization', () => {
  it('begins its ledger with its name, its catalogue and its owner', async () => {
    expect(await eventTypes(await newOrganization())).toEqual([
      'OrganizationCreated',
      'CatalogueAdopted',
      'MemberJoined',
    ])
  })
})

describe('an invitation', () => {
  it('brings in a new person, whose address counts as confirmed, and signs them in', async () => {
    const scene = await newOrganization()
    const email = newEmail()
    const { token, mail } = await invited(scene, email, 'admin')
    expect(mail.text).toContain(`${appOrigin}/invite/${token}`)
    const browser = openBrowser(services)
    expect(await browser.call(caller => caller.invitationShow({ token }))).toMatchObject({
      email,
      role: 'admin',
      hasAccount: false,
    })

    const newAccount = { name: 'Nora New', password: newPassword() }
    expect(await browser.call(caller => caller.invitationAccept({ token, ...newAccount }))).toEqual({
      slug: scene.organization,
    })
    expect(await browser.call(caller => caller.sessionCurrent())).toMatchObject({
      user: { email, name: 'Nora New' },
    })
    const { members } = await browser.call(caller => caller.memberList({ organization: scene.organization }))
    expect(members.map(({ name, role }) => [name, role])).toEqual([
      ['Nora New', 'admin'],
      ['Olive Owner', 'owner'],
    ])
    expect(await eventTypes(scene)).toEqual([
      'OrganizationCreated',
      'CatalogueAdopted',
      'MemberJoined',
      'MemberInvited',
      'MemberJoined',
    ])
  })

  it('joins who is signed in with the address', async () => {
    const scene = await newOrganization()
    const person = await joined(scene, 'compliance_lead')
    expect(await person.browser.call(caller => caller.organizationList())).toMatchObject([
      { slug: scene.organization },
    ])
  })

  it('asks who has an account to sign in first', async () => {
    const scene = await newOrganization()
    const person = await newPerson(services)
    const { token } = await invited(scene, person.email)
    const newAccount = { name: 'Mallory', password: newPassword() }
    await expect(
      openBrowser(services).call(caller => caller.invitationAccept({ token, ...newAccount })),
    ).rejects.toEqual(refusal('unauthenticated', /Sign in/))
  })

  it('is of no use to another person', async () => {
    const scene = await newOrganization()
    const { token } = await invited(scene, newEmail())
    const stranger = await newPerson(services)
    await expect(stranger.browser.call(caller => caller.invitationAccept({ token }))).rejects.toEqual(
      refusal('forbidden', /is for .* and you are signed in as/),
    )
    expect(await stranger.browser.call(caller => caller.organizationList())).toEqual([])
  })

  it('takes an account over that somebody made with the address and never confirmed', async () => {
    const scene = await newOrganization()
    const { email, password: theirs } = await newUnconfirmed(services)
    const { token } = await invited(scene, email)
    const browser = openBrowser(services)
    await browser.call(caller => caller.invitationAccept({ token, name: 'Real', password: newPassword() }))
    await expect(
      openBrowser(services).call(caller => caller.signIn({ email, password: theirs })),
    ).rejects.toEqual(refusal('bad_input'))
  })

  it('is used once, also by two at the same moment', async () => {
    const scene = await newOrganization()
    const person = await newPerson(services)
    const { token } = await invited(scene, person.email)
    const accept = () => person.browser.call(caller => caller.invitationAccept({ token }))
    const results = await Promise.allSettled([accept(), accept(), accept()])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
    await expect(accept()).rejects.toEqual(refusal('precondition_failed', /has been used/))
    await expect(openBrowser(services).call(caller => caller.invitationShow({ token }))).rejects.toEqual(
      refusal('precondition_failed', /has been used/),
    )
  })

  it('expires after seven days', async () => {
    const scene = await newOrganization()
    const person = await newPerson(services)
    const { token } = await invited(scene, person.email)
    clock.offset = 7 * day - 60_000
    await person.browser.call(caller => caller.invitationShow({ token }))
    clock.offset = 7 * day + 1_000
    await expect(person.browser.call(caller => caller.invitationAccept({ token }))).rejects.toEqual(
      refusal('precondition_failed', /has expired/),
    )
    const { invitations } = await scene.owner.browser.call(caller =>
      caller.memberList({ organization: scene.organization }),
    )
    expect(invitations).toMatchObject([{ email: person.email, isExpired: true }])
  })

  it('can be withdrawn, and then never be accepted', async () => {
    const scene = await newOrganization()
    const person = await newPerson(services)
    const { token, invitationId } = await invited(scene, person.email)
    const { browser } = scene.owner
    const withdraw = (id: string) =>
      browser.call(caller =>
        caller.invitationWithdraw({ organization: scene.organization, invitationId: id }),
      )
    await withdraw(invitationId)
    await expect(person.browser.call(caller => caller.invitationAccept({ token }))).rejects.toEqual(
      refusal('precondition_failed', /was withdrawn/),
    )
    await expect(withdraw(newId())).rejects.toEqual(refusal('not_found'))
    const { invitations } = await browser.call(caller =>
      caller.memberList({ organization: scene.organization }),
    )
    expect(invitations).toEqual([])
  })

  it('of another organization is not found by its id', async () => {
    const [one, other] = [await newOrganization(), await newOrganization()]
    const { invitationId } = await invited(one, newEmail())
    const input = { organization: other.organization, invitationId }
    await expect(other.owner.browser.call(caller => caller.invitationWithdraw(input))).rejects.toEqual(
      refusal('not_found'),
    )
  })

  it('replaces an earlier one to the same mailbox', async () => {
    const scene = await newOrganization()
    const person = await newPerson(services)
    const first = await invited(scene, person.email)
    const second = await invited(scene, person.email, 'admin')
    await expect(
      person.browser.call(caller => caller.invitationAccept({ token: first.token })),
    ).rejects.toEqual(refusal('precondition_failed', /was withdrawn/))
    await person.browser.call(caller => caller.invitationAccept({ token: second.token }))
  })

  it('is not sent to a member', async () => {
    const scene = await newOrganization()
    const input = {
      organization: scene.organization,
      email: scene.owner.email.toUpperCase(),
      role: 'viewer' as const,
    }
    await expect(scene.owner.browser.call(caller => caller.memberInvite(input))).rejects.toEqual(
      expect.objectContaining({ cause: expect.objectContaining({ fields: { email: expect.any(String) } }) }),
    )
  })

  it('leaves its secret nowhere but in the mail', async () => {
    const scene = await newOrganization()
    const { token } = await invited(scene, newEmail())
    const rows = await services.database.withOrganization(scene.organizationId, transaction =>
      transaction.select().from(invitation).where(eq(invitation.organizationId, scene.organizationId)),
    )
    const secret = Buffer.from(token, 'base64url').subarray(16)
    const stored = JSON.stringify(rows.map(row => ({ ...row, tokenHash: row.tokenHash.toString('hex') })))
    expect(stored).not.toContain(secret.toString('hex'))
    expect(stored).not.toContain(token)
  })

  it.each(['x'.repeat(64), 'nonsense', Buffer.alloc(48, 7).toString('base64url')])(
    'is not found by %j',
    async token => {
      await expect(openBrowser(services).call(caller => caller.invitationShow({ token }))).rejects.toEqual(
        refusal('not_found'),
      )
    },
  )

  it('stands when its mail could not be sent, and can be sent again', async () => {
    const scene = await newOrganization()
    const email = newEmail()
    smtp.refuseNext(1)
    const input = { organization: scene.organization, email, role: 'viewer' as const }
    await expect(scene.owner.browser.call(caller => caller.memberInvite(input))).rejects.toEqual(
      refusal('unavailable'),
    )
    await invited(scene, email)
  })
})

describe('roles', () => {
  it('change, and what was before can still be looked at', async () => {
    const scene = await newOrganization()
    const person = await joined(scene, 'viewer')
    const { organization } = scene
    const { asOf } = await scene.owner.browser.call(caller => caller.memberList({ organization }))
    await scene.owner.browser.call(caller =>
      caller.memberChangeRole({ organization, userId: person.id, role: 'admin' }),
    )
    const roleAt = async (at?: string) => {
      const { members } = await scene.owner.browser.call(caller =>
        caller.memberList({ organization, ...(at === undefined ? {} : { asOf: at }) }),
      )
      return members.find(({ userId }) => userId === person.id)?.role
    }
    expect(await roleAt()).toBe('admin')
    expect(await roleAt(String(asOf.position))).toBe('viewer')
    expect(await roleAt('0')).toBeUndefined()
  })

  it('hold on the very next request', async () => {
    const scene = await newOrganization()
    const admin = await joined(scene, 'admin')
    const { organization } = scene
    const invite = () =>
      admin.browser.call(caller => caller.memberInvite({ organization, email: newEmail(), role: 'viewer' }))
    await invite()
    await scene.owner.browser.call(caller =>
      caller.memberChangeRole({ organization, userId: admin.id, role: 'viewer' }),
    )
    await expect(invite()).rejects.toEqual(refusal('forbidden'))
  })

  it('of owners are for owners to give and take', async () => {
    const scene = await newOrganization()
    const admin = await joined(scene, 'admin')
    const { organization, owner } = scene
    const { browser } = admin
    for (const attempt of [
      () =>
        browser.call(caller => caller.memberChangeRole({ organization, userId: admin.id, role: 'owner' })),
      () =>
        browser.call(caller => caller.memberChangeRole({ organization, userId: owner.id, role: 'viewer' })),
      () =>
        browser.call(caller =>
          caller.memberRemove({ organization, userId: owner.id, confirmation: owner.email }),
        ),
      () => browser.call(caller => caller.memberInvite({ organization, email: newEmail(), role: 'owner' })),
    ]) {
      await expect(attempt()).rejects.toEqual(refusal('precondition_failed', /Only an owner/))
    }
  })

  it('keep the last owner, who can neither leave nor be demoted', async () => {
    const { owner, organization } = await newOrganization()
    const { browser, id: userId } = owner
    for (const attempt of [
      () => browser.call(caller => caller.memberLeave({ organization, confirmation: organization })),
      () => browser.call(caller => caller.memberRemove({ organization, userId, confirmation: organization })),
      () => browser.call(caller => caller.memberChangeRole({ organization, userId, role: 'admin' })),
    ]) {
      await expect(attempt()).rejects.toEqual(refusal('precondition_failed', /You are the only owner/))
    }
  })

  it('keep one of two owners who demote each other at the same moment', async () => {
    const scene = await newOrganization()
    const second = await joined(scene, 'owner')
    const { organization, owner } = scene
    const results = await Promise.allSettled([
      owner.browser.call(caller =>
        caller.memberChangeRole({ organization, userId: second.id, role: 'viewer' }),
      ),
      second.browser.call(caller =>
        caller.memberChangeRole({ organization, userId: owner.id, role: 'viewer' }),
      ),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('of a person who is no member here are not found', async () => {
    const [one, other] = [await newOrganization(), await newOrganization()]
    const { organization, owner } = one
    for (const userId of [newId(), other.owner.id]) {
      const { browser } = owner
      // What was typed is looked at last: a stranger's address is told to nobody.
      await expect(
        browser.call(caller => caller.memberRemove({ organization, userId, confirmation: '' })),
      ).rejects.toEqual(refusal('not_found'))
      await expect(
        browser.call(caller => caller.memberChangeRole({ organization, userId, role: 'viewer' })),
      ).rejects.toEqual(refusal('not_found'))
    }
  })
})

describe('removing a member', () => {
  it('shuts them out at once, with the invitations that wait for them', async () => {
    const scene = await newOrganization()
    const { organization, owner, organizationId } = scene
    const person = await joined(scene, 'admin')
    const remove = (confirmation: string) =>
      owner.browser.call(caller => caller.memberRemove({ organization, userId: person.id, confirmation }))
    await expect(remove('somebody else')).rejects.toEqual(refusal('bad_input', /Nothing was changed/))
    expect(await person.browser.call(caller => caller.memberList({ organization }))).toBeDefined()
    await remove(person.email)
    await expect(person.browser.call(caller => caller.memberList({ organization }))).rejects.toEqual(
      refusal('not_found'),
    )
    const index = await services.database.withPerson(person.id, transaction =>
      transaction
        .select()
        .from(userMembership)
        .where(and(eq(userMembership.userId, person.id), eq(userMembership.organizationId, organizationId))),
    )
    expect(index).toEqual([])

    const { token } = await invited(scene, person.email, 'viewer')
    await person.browser.call(caller => caller.invitationAccept({ token }))
    expect(await person.browser.call(caller => caller.organizationList())).toMatchObject([{ role: 'viewer' }])
  })

  it('lets everybody leave by themselves', async () => {
    const scene = await newOrganization()
    const person = await joined(scene, 'viewer')
    const { organization } = scene
    await person.browser.call(caller => caller.memberLeave({ organization, confirmation: organization }))
    expect(await person.browser.call(caller => caller.organizationList())).toEqual([])
  })
})

describe('access', () => {
  it('to a foreign organization and to an unknown one is the same answer', async () => {
    const [one, other] = [await newOrganization(), await newOrganization()]
    const answers = await Promise.all(
      [other.organization, 'no-such-organization'].map(slug =>
        resolveAccess(services, { userId: one.owner.id, slug }).catch((error: unknown) => ({
          ...Object(error),
        })),
      ),
    )
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]).toMatchObject({ code: 'not_found' })
  })

  it('needs more than a row in the index of memberships', async () => {
    const { organization, organizationId } = await newOrganization()
    const stranger = await newPerson(services)
    await services.database.withPerson(stranger.id, transaction =>
      transaction.insert(userMembership).values({ userId: stranger.id, organizationId }),
    )
    await expect(resolveAccess(services, { userId: stranger.id, slug: organization })).rejects.toMatchObject({
      code: 'not_found',
    })
    expect(await stranger.browser.call(caller => caller.organizationList())).toEqual([])
  })

  it('of nobody is refused before anything is looked up', async () => {
    const { organization } = await newOrganization()
    await expect(openBrowser(services).call(caller => caller.memberList({ organization }))).rejects.toEqual(
      refusal('unauthenticated'),
    )
  })
})

describe('an auditor', () => {
  it('is invited with a period and an end of access, each named when it is missing', async () => {
    const { owner, organization } = await newOrganization()
    const invite = (part: object) =>
      owner.browser.call(caller =>
        caller.memberInvite({ organization, email: newEmail(), role: 'auditor', ...part }),
      )
    for (const [part, fields] of [
      [{}, ['periodFrom', 'periodTo', 'expiresAt']],
      [{ ...grant, periodTo: '2024-12-31' }, ['periodTo']],
      [{ ...grant, expiresAt: '2020-01-01' }, ['expiresAt']],
      [{ ...grant, periodFrom: '2025-02-30' }, ['periodFrom']],
    ] as const) {
      const error: unknown = await invite(part).catch((error: Error) => error.cause)
      expect(Object.keys(Object(error).fields)).toEqual(fields)
    }
  })

  it('reads inside the period only: before it, nothing; after it, its last instant', async () => {
    // What an auditor opens is recorded, and only a simulated ledger takes a time that is days ahead.
    const scene = await newOrganization(undefined, true)
    const { organization } = scene
    const running = { ...grant, periodFrom: isoDay(-day), periodTo: isoDay(day) }
    const auditor = await joined(scene, 'auditor', running)
    const list = (asOf?: string) =>
      auditor.browser.call(caller => caller.memberList({ organization, ...(asOf ? { asOf } : {}) }))
    const { asOf, canManage, members } = await list()
    expect(asOf.isNow).toBe(true)
    expect(canManage).toBe(false)
    expect(members.find(({ role }) => role === 'auditor')?.grant?.periodTo.toISOString()).toBe(
      `${isoDay(day)}T23:59:59.999Z`,
    )
    await expect(list(`${isoDay(-2 * day)}T00:00:00Z`)).rejects.toEqual(
      refusal('not_found', /Your access covers/),
    )
    clock.offset = 3 * day
    expect((await list()).asOf).toMatchObject({
      isNow: false,
      instant: new Date(`${isoDay(day)}T23:59:59.999Z`),
    })
  })

  it('sees no position whose instant is outside the period', async () => {
    const scene = await newOrganization()
    const auditor = await joined(scene, 'auditor', grant)
    await expect(
      auditor.browser.call(caller => caller.memberList({ organization: scene.organization, asOf: '1' })),
    ).rejects.toEqual(refusal('not_found', /Your access covers/))
  })

  it('has access until its last day, and is then told so', async () => {
    const scene = await newOrganization()
    const { organization } = scene
    const part = { ...grant, periodFrom: isoDay(-day), periodTo: isoDay(day), expiresAt: isoDay(2 * day) }
    const auditor = await joined(scene, 'auditor', part)
    clock.offset = 4 * day
    await expect(auditor.browser.call(caller => caller.memberList({ organization }))).rejects.toEqual(
      refusal('not_found', /ended on/),
    )
    expect(await auditor.browser.call(caller => caller.organizationList())).toEqual([])
  })

  it('changes nothing', async () => {
    const scene = await newOrganization()
    const { organization } = scene
    const auditor = await joined(scene, 'auditor', { ...grant, periodTo: isoDay(day) })
    await expect(
      auditor.browser.call(caller =>
        caller.memberInvite({ organization, email: newEmail(), role: 'viewer' }),
      ),
    ).rejects.toEqual(refusal('forbidden'))
  })
})
