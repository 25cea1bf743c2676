import { and, eq } from 'drizzle-orm'
import { invitation, organizationProfile } from '../../db/schema/state.ts'
import { byAddress, limitAttempts } from '../auth/attempts.ts'
import type { SignedIn } from '../auth/auth.ts'
import type { Role } from '../domain/member/roles.ts'
import { AppError, notFound } from '../errors.ts'
import type { Unit } from '../ledger/ledger.ts'
import { lockHead } from '../ledger/lock-head.ts'
import { isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { findInvitation, type InvitationRow } from './invitation-records.ts'
import { type InvitationReference, parseInvitationToken } from './invitation-token.ts'
import { commandMember } from './member-records.ts'
import { rememberMembership } from './membership-index.ts'
import { type AccessGrant, grantOf, roleOf, toGrant } from './stored-role.ts'

/** What the holder of a link sees before accepting. */
export interface ShownInvitation {
  organizationName: string
  slug: string
  simulated: boolean
  email: string
  role: Role
  grant: AccessGrant | null
  expiresAt: Date
  /** Whether the mailbox has an account to sign in with. The link has shown that the mailbox is the reader's. */
  hasAccount: boolean
}

/**
 * Shows an invitation that can be accepted.
 * @throws {AppError} not_found for a link that is none, precondition_failed for one that is used, withdrawn or over
 */
export async function showInvitation(
  services: Services,
  input: { token: string; ip: string },
): Promise<ShownInvitation> {
  const reference = await readLink(services, input)
  const { row, profile } = await services.database.withOrganization(
    reference.organizationId,
    async transaction => {
      const row = await findInvitation(transaction, reference)
      const [profile] = await transaction
        .select({
          name: organizationProfile.name,
          slug: organizationProfile.slug,
          simulated: organizationProfile.simulated,
        })
        .from(organizationProfile)
        .where(isOpen(organizationProfile, reference.organizationId))
      return { row: acceptable(row, services.clock.now()), profile }
    },
  )
  if (!profile) throw notFound('invitation')
  return {
    organizationName: profile.name,
    slug: profile.slug,
    simulated: profile.simulated,
    email: row.email,
    role: roleOf(row.role),
    grant: accessGrantOf(row),
    expiresAt: row.expiresAt,
    hasAccount: (await services.auth.findVerifiedUser(row.email)) !== null,
  }
}

export interface Acceptance {
  token: string
  ip: string
  signedIn: SignedIn | null
  /** For a person without an account. */
  newAccount: { name: string; password: string } | null
}

/**
 * Accepts an invitation, once: joins who is signed in with the invited address, or makes an account for a new person,
 * whose mailbox the link has shown. After a crash between account and membership the link still works, with a sign-in.
 * @throws {AppError} unauthenticated when the address has an account, forbidden for another person's invitation
 */
export async function acceptInvitation(
  services: Services,
  acceptance: Acceptance,
): Promise<{ userId: string; email: string; isNewAccount: boolean }> {
  const reference = await readLink(services, acceptance)
  const { organizationId } = reference
  const invited = await services.database.withOrganization(organizationId, async transaction =>
    acceptable(await findInvitation(transaction, reference), services.clock.now()),
  )
  const person = await personFor(services, invited.email, acceptance)
  await rememberMembership(services.database, person.userId, organizationId)
  await services.ledger.command(organizationId, `user:${person.userId}`, async unit => {
    await lockHead(unit)
    const row = acceptable(await findInvitation(unit.transaction, reference, { lock: true }), unit.now)
    await commandMember(unit, person.userId, {
      type: 'join',
      userId: person.userId,
      role: roleOf(row.role),
      grant: toGrant(accessGrantOf(row)),
      invitationId: row.id,
      now: unit.now.toISOString(),
    })
    await markUsed(unit, row)
  })
  return { ...person, email: invited.email }
}

async function personFor(services: Services, email: string, { signedIn, newAccount }: Acceptance) {
  if (signedIn) {
    if (signedIn.user.email.toLowerCase() !== email) throw anotherPerson(email, signedIn.user.email)
    return { userId: signedIn.user.id, isNewAccount: false }
  }
  if (await services.auth.findVerifiedUser(email)) {
    throw new AppError('unauthenticated', 'the invited address has an account', {
      userMessage: `There is an account for ${email}. Sign in with it, then accept the invitation.`,
    })
  }
  if (!newAccount) {
    throw new AppError('bad_input', 'an account needs a name and a password', {
      fields: { name: 'Give your name.', password: 'Choose a password.' },
    })
  }
  const { id } = await services.auth.createVerifiedUser({ ...newAccount, email })
  return { userId: id, isNewAccount: true }
}

async function readLink(
  services: Services,
  { token, ip }: { token: string; ip: string },
): Promise<InvitationReference> {
  await limitAttempts(services.database, [{ key: byAddress('invitation', ip), max: 120, windowMinutes: 60 }])
  const reference = parseInvitationToken(token)
  if (!reference) throw notFound('invitation')
  return reference
}

function acceptable(row: InvitationRow | undefined, now: Date): InvitationRow {
  if (!row) throw notFound('invitation')
  if (row.usedAt) throw over('This invitation has been used. Sign in to see the organization.')
  if (row.withdrawnAt)
    throw over('This invitation was withdrawn. Ask the person who invited you for a new one.')
  if (row.expiresAt <= now)
    throw over('This invitation has expired. Ask the person who invited you for a new one.')
  return row
}

async function markUsed(unit: Unit, row: InvitationRow) {
  await unit.transaction
    .update(invitation)
    .set({ usedAt: unit.now })
    .where(and(eq(invitation.organizationId, unit.organizationId), eq(invitation.id, row.id)))
}

const accessGrantOf = ({ periodFrom, periodTo, accessExpiresAt, assessments }: InvitationRow) =>
  grantOf({ periodFrom, periodTo, expiresAt: accessExpiresAt, assessments })

const over = (userMessage: string) =>
  new AppError('precondition_failed', 'invitation is over', { userMessage })

const anotherPerson = (invited: string, present: string) =>
  new AppError('forbidden', 'the invitation is for another address', {
    userMessage: `This invitation is for ${invited}, and you are signed in as ${present}. Sign out, then open the link again.`,
  })
