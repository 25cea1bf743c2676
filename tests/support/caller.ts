import type { Role } from '../../server/domain/member/roles.ts'
import { memberStream, newId } from '../../server/ledger/ids.ts'
import { rememberMembership } from '../../server/members/membership-index.ts'
import type { Services } from '../../server/services.ts'
import type { Context } from '../../server/trpc/context.ts'
import { type Caller, createCaller } from '../../server/trpc/router.ts'
import { newAccount } from './people.ts'
import type { Scene } from './seed.ts'

interface User {
  id: string
  name: string
  email: string
}

/** Calls procedures as a person who signed in just now; nobody where there is none. */
export const callerOf = (services: Services, user: User | null): Caller =>
  createCaller(contextOf(services, user))

/** A request of a person who signed in just now. */
export function contextOf(services: Services, user: User | null): Context {
  const session = {
    id: newId(),
    createdAt: new Date(),
    expiresAt: new Date(Date.now() + 3_600_000),
    isStrong: true,
  }
  return {
    services,
    requestId: newId(),
    logger: services.logger,
    headers: new Headers(),
    clientAddress: '198.18.0.1',
    signedIn: user && { user, session },
    setCookie: () => undefined,
  }
}

/** The scene's owner. */
export const ownerCaller = ({ services, userId }: Scene): Caller =>
  callerOf(services, { id: userId, name: 'Ada Owner', email: 'ada@example.com' })

/** A new member with an auditor's grant for a period of the scene's ledger. */
export const auditorCaller = async (scene: Scene, period: { from: Date; to: Date }): Promise<Caller> =>
  callerOf(scene.services, await newMember(scene, 'auditor', period))

type Founded = Pick<Scene, 'services' | 'organizationId' | 'userId' | 'clock'>

/** Somebody new who joined the scene's organization; an auditor's grant is for the period. */
export async function newMember(
  scene: Founded,
  role: Role,
  period: { from: Date; to: Date } = { from: new Date(0), to: scene.clock.now() },
  assessments: string[] = [],
): Promise<User> {
  const { id, name, email } = await newAccount(scene.services, `Olga ${role}`)
  await rejoin(scene, id, role, period, assessments)
  return { id, name, email }
}

/** Makes a person a member, whether for the first time or again. */
export async function rejoin(
  { services, organizationId, userId, clock }: Founded,
  id: string,
  role: Role,
  period: { from: Date; to: Date },
  assessments: string[] = [],
): Promise<void> {
  const grant = {
    periodFrom: period.from.toISOString(),
    periodTo: period.to.toISOString(),
    expiresAt: new Date(clock.now().getTime() + 365 * 86_400_000).toISOString(),
    assessments,
  }
  const payload = { userId: id, role, grant: role === 'auditor' ? grant : null, invitationId: newId() }
  await rememberMembership(services.database, id, organizationId)
  await services.ledger.command(organizationId, `user:${userId}`, unit =>
    unit.append({ type: 'member', id: memberStream(organizationId, id) }, 'any', [
      { type: 'MemberJoined', payload },
    ]),
  )
}
