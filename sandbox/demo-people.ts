import type { SignedIn } from '../server/auth/auth.ts'
import type { Role } from '../server/domain/member/roles.ts'
import { newId } from '../server/ledger/ids.ts'
import { acceptInvitation } from '../server/members/accept-invitation.ts'
import { readGrant } from '../server/members/grant-fields.ts'
import { invite } from '../server/members/invite-member.ts'
import { registerOrganization } from '../server/members/register-organization.ts'
import type { Services } from '../server/services.ts'
import type { SmtpStandIn } from './smtp/start-smtp.ts'

/** Everybody in the demo signs in with it. Published on purpose; real deployments have no such account. */
export const demoPassword = 'look-back-at-any-moment'

export interface DemoPerson {
  name: string
  email: string
  role: Role
}

export interface DemoOrganization {
  name: string
  people: readonly [owner: DemoPerson, ...others: DemoPerson[]]
}

const people = (domain: string, names: readonly [string, string, string]): DemoOrganization['people'] => [
  { name: names[0], email: `admin@${domain}`, role: 'owner' },
  { name: names[1], email: `lead@${domain}`, role: 'compliance_lead' },
  { name: names[2], email: `auditor@${domain}`, role: 'auditor' },
]

export const demoOrganizations: readonly DemoOrganization[] = [
  {
    name: 'Northwind Traders',
    people: people('northwind.example', ['Amara Okafor', 'Jonas Lindqvist', 'Mei Tanaka']),
  },
  {
    name: 'Fabrikam Health',
    people: people('fabrikam.example', ['Sofia Marques', 'Daniel Weiss', 'Priya Raman']),
  },
]

const days = (count: number) => count * 86_400_000
/** As the invitation's form sends a day. */
const dayOf = (instant: Date) => instant.toISOString().slice(0, 10)

/** An organization with its people, by the same steps real ones take: registered, invited by mail, accepted. */
export async function seedOrganization(
  services: Services,
  smtp: SmtpStandIn,
  organization: DemoOrganization,
  options: { simulated?: boolean; grantFrom?: Date } = {},
): Promise<{ organizationId: string; slug: string; ownerId: string; userIds: ReadonlyMap<Role, string> }> {
  const [owner, ...others] = organization.people
  const ownerId = await account(services, owner)
  const registered = await registerOrganization(services, {
    userId: ownerId,
    name: organization.name,
    simulated: options.simulated ?? false,
  })
  const userIds = new Map<Role, string>([[owner.role, ownerId]])
  for (const person of others) {
    const userId = await account(services, person)
    userIds.set(person.role, userId)
    const actor = { organizationId: registered.organizationId, userId: ownerId, name: organization.name }
    const now = services.clock.now()
    const inAYear = dayOf(new Date(now.getTime() + days(365)))
    const grant = readGrant(
      person.role,
      {
        periodFrom: dayOf(options.grantFrom ?? new Date(now.getTime() - days(365))),
        periodTo: inAYear,
        expiresAt: inAYear,
      },
      now,
    )
    smtp.clear()
    await invite(services, actor, {
      email: person.email,
      role: person.role,
      grant,
      invitedByName: owner.name,
    })
    const mail = await smtp.waitFor(candidate => candidate.to.includes(person.email))
    const token = /\/invite\/([\w.-]+)/.exec(mail.text)?.[1] ?? ''
    await acceptInvitation(services, {
      token,
      ip: '127.0.0.1',
      signedIn: signedInAs(userId, person),
      newAccount: null,
    })
  }
  smtp.clear()
  return { ...registered, ownerId, userIds }
}

async function account(services: Services, { name, email }: DemoPerson): Promise<string> {
  const known = await services.auth.findVerifiedUser(email)
  return known?.id ?? (await services.auth.createVerifiedUser({ name, email, password: demoPassword })).id
}

const signedInAs = (id: string, { name, email }: DemoPerson): SignedIn => ({
  user: { id, name, email },
  session: { id: newId(), createdAt: new Date(), expiresAt: new Date(Date.now() + days(1)), isStrong: false },
})
