import { and, eq, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { composedOnce, composer } from '../../db/composed-once.ts'
import { member, organizationProfile } from '../../db/schema/state.ts'
import type { SnapshotReader } from '../../db/shared-snapshot.ts'
import type { Clock } from '../clock.ts'
import type { Role } from '../domain/member/roles.ts'
import { AppError, notFound } from '../errors.ts'
import { headInSnapshot } from '../ledger/position-at.ts'
import { isOpen } from '../projections/range.ts'
import { membershipsOf } from './memberships.ts'
import { withPresentPeriod } from './settle-grant.ts'
import { isSlug } from './slug.ts'
import { type AccessGrant, grantOf, roleOf } from './stored-role.ts'

/** Who asks, where, and as what: read from the database on each request. */
export interface Access {
  organizationId: string
  slug: string
  name: string
  simulated: boolean
  /** Owners and admins get in with a second factor only. */
  isSecondFactorRequired: boolean
  /** When the organization is to be deleted; null where nobody asked for it. */
  deletesAt: Date | null
  userId: string
  role: Role
  /** Auditors have one, nobody else does. */
  grant: AccessGrant | null
}

/** What access is read in: a request's procedures share it. */
export interface AccessReading {
  database: SnapshotReader
  clock: Clock
}

/**
 * Membership first: an unknown slug and one of an organization that the person is no member of are the same answer.
 * @throws {AppError} not_found; for an auditor whose access has ended it says when
 */
export async function resolveAccess(
  services: AccessReading,
  asked: { userId: string; slug: string },
): Promise<Access> {
  const organizationId = isSlug(asked.slug) ? await membershipOf(services, asked) : null
  if (!organizationId) throw notFound('organization')
  return accessTo(services, { ...asked, organizationId }, transaction =>
    // Whoever gets in reads as of a position: it is asked for beside what they may do, and told where it is needed.
    headInSnapshot(transaction, organizationId).catch(() => undefined),
  )
}

/**
 * The same where the organization is known already, from the person's own list of memberships.
 * @param beside what is read in the same snapshot, and not waited for
 * @throws {AppError} as {@link resolveAccess}
 */
export async function accessTo(
  services: AccessReading,
  asked: { userId: string; slug: string; organizationId: string },
  beside?: (transaction: Transaction) => void,
): Promise<Access> {
  const { organizationId } = asked
  const row = await services.database.withSnapshot(organizationId, transaction => {
    const reading = readAccess(transaction, organizationId, asked.userId)
    beside?.(transaction)
    return reading
  })
  // Once its deletion is due an organization is gone for everybody, whatever is still being removed.
  if (!row || (row.deletesAt && row.deletesAt <= services.clock.now())) throw notFound('organization')
  const { grant } = row
  if (grant && grant.expiresAt <= services.clock.now()) throw accessEnded(grant.expiresAt)
  return {
    organizationId,
    slug: asked.slug,
    name: row.name,
    simulated: row.simulated,
    isSecondFactorRequired: row.isSecondFactorRequired,
    deletesAt: row.deletesAt,
    userId: asked.userId,
    role: roleOf(row.role),
    grant,
  }
}

async function membershipOf({ database }: AccessReading, { userId, slug }: { userId: string; slug: string }) {
  const memberships = await database.withPerson(userId, transaction => membershipsOf(transaction, userId))
  return memberships.find(membership => membership.slug === slug)?.organizationId
}

const openMember = composedOnce(
  composer
    .select({
      name: organizationProfile.name,
      simulated: organizationProfile.simulated,
      isSecondFactorRequired: organizationProfile.isSecondFactorRequired,
      deletesAt: organizationProfile.deletesAt,
      role: member.role,
      periodFrom: member.periodFrom,
      periodTo: member.periodTo,
      expiresAt: member.expiresAt,
      assessments: member.assessments,
    })
    .from(member)
    .innerJoin(organizationProfile, isOpen(organizationProfile, sql.placeholder('organizationId')))
    .where(
      and(isOpen(member, sql.placeholder('organizationId')), eq(member.userId, sql.placeholder('userId'))),
    ),
)

async function readAccess(transaction: Transaction, organizationId: string, userId: string) {
  const [row] = await openMember(transaction, { organizationId, userId })
  if (!row) return undefined
  const given = grantOf(row)
  const grant = given && (await withPresentPeriod(transaction, organizationId, given))
  return { ...row, grant }
}

const accessEnded = (at: Date) =>
  new AppError('not_found', 'the auditor’s access has ended', {
    userMessage: `Your access to this organization ended on ${at.toISOString().slice(0, 10)} (UTC). Ask an owner or admin of the organization for a new invitation.`,
  })
