import { memberStream, newId } from '../../server/ledger/ids.ts'
import { rememberMembership } from '../../server/members/membership-index.ts'
import type { Services } from '../../server/services.ts'
import { type Caller, createCaller } from '../../server/trpc/router.ts'
import { newEmail, newPassword } from './people.ts'
import type { Scene } from './seed.ts'

/** Calls procedures as a person who signed in just now; nobody where there is none. */
export function callerOf(
  services: Services,
  user: { id: string; name: string; email: string } | null,
): Caller {
  const session = { id: newId(), createdAt: new Date(), expiresAt: new Date(Date.now() + 3_600_000) }
  return createCaller({
    services,
    requestId: newId(),
    logger: services.logger,
    headers: new Headers(),
    clientAddress: '198.18.0.1',
    signedIn: user && { user, session },
    setCookie: () => undefined,
  })
}

/** The scene's owner. */
export const ownerCaller = ({ services, userId }: Scene): Caller =>
  callerOf(services, { id: userId, name: 'Ada Owner', email: 'ada@example.com' })

/** A new member with an auditor's grant for a period of the scene's ledger. */
export async function auditorCaller(scene: Scene, period: { from: Date; to: Date }): Promise<Caller> {
  const { services, organizationId } = scene
  const email = newEmail()
  const { id } = await services.auth.createVerifiedUser({
    name: 'Olga Auditor',
    email,
    password: newPassword(),
  })
  await rememberMembership(services.database, id, organizationId)
  const grant = {
    periodFrom: period.from.toISOString(),
    periodTo: period.to.toISOString(),
    expiresAt: new Date(scene.clock.now().getTime() + 365 * 86_400_000).toISOString(),
  }
  await services.ledger.command(organizationId, `user:${scene.userId}`, unit =>
    unit.append({ type: 'member', id: memberStream(organizationId, id) }, 0, [
      { type: 'MemberJoined', payload: { userId: id, role: 'auditor', grant, invitationId: newId() } },
    ]),
  )
  return callerOf(services, { id, name: 'Olga Auditor', email })
}
