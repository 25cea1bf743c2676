import { and, asc, eq, isNull } from 'drizzle-orm'
import { invitation, member } from '../../db/schema/state.ts'
import type { Role } from '../domain/member/roles.ts'
import type { AsOf, AsOfRequest } from '../ledger/position-at.ts'
import { holdsAt } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { assertWithinGrant } from './auditor-window.ts'
import { deletedAccount, peopleById } from './person-names.ts'
import type { Access } from './resolve-access.ts'
import { type AccessGrant, grantOf, roleOf } from './stored-role.ts'

export interface ListedMember {
  userId: string
  /** As the person is called today: names are not part of the ledger. */
  name: string
  email: string
  role: Role
  grant: AccessGrant | null
  since: Date
}

/** Who was a member, and as what, as of what was asked. By name. */
export async function listMembers(
  services: Pick<Services, 'database' | 'ledger'>,
  access: Access,
  request: AsOfRequest,
): Promise<{ asOf: AsOf; members: ListedMember[] }> {
  const { asOf, rows } = await services.ledger.query(
    access.organizationId,
    request,
    async (transaction, asOf) => {
      assertWithinGrant(access, asOf)
      const rows = await transaction
        .select()
        .from(member)
        .where(holdsAt(member, access.organizationId, asOf.position))
      return { asOf, rows }
    },
  )
  const people = await peopleById(
    services.database,
    rows.map(row => row.userId),
  )
  const members = rows.map(row => ({
    userId: row.userId,
    name: people.get(row.userId)?.name ?? deletedAccount,
    email: people.get(row.userId)?.email ?? '',
    role: roleOf(row.role),
    grant: grantOf(row),
    since: row.since,
  }))
  return { asOf, members: members.sort((one, other) => one.name.localeCompare(other.name, 'en')) }
}

export interface ListedInvitation {
  id: string
  email: string
  role: Role
  grant: AccessGrant | null
  invitedByName: string
  createdAt: Date
  expiresAt: Date
  isExpired: boolean
}

/** Invitations that nobody accepted or withdrew yet, the oldest first. */
export async function listInvitations(
  services: Pick<Services, 'database' | 'clock'>,
  { organizationId }: Pick<Access, 'organizationId'>,
): Promise<ListedInvitation[]> {
  const rows = await services.database.withOrganization(organizationId, transaction =>
    transaction
      .select()
      .from(invitation)
      .where(
        and(
          eq(invitation.organizationId, organizationId),
          isNull(invitation.usedAt),
          isNull(invitation.withdrawnAt),
        ),
      )
      .orderBy(asc(invitation.createdAt)),
  )
  const people = await peopleById(
    services.database,
    rows.map(row => row.invitedBy),
  )
  const now = services.clock.now()
  return rows.map(row => ({
    id: row.id,
    email: row.email,
    role: roleOf(row.role),
    grant: grantOf({ ...row, expiresAt: row.accessExpiresAt }),
    invitedByName: people.get(row.invitedBy)?.name ?? deletedAccount,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    isExpired: row.expiresAt <= now,
  }))
}
