import { eq, sql } from 'drizzle-orm'
import { composedOnce, composer } from '../../db/composed-once.ts'
import { onceInSnapshot } from '../../db/once-in-snapshot.ts'
import { organizationSlug, userMembership } from '../../db/schema/accounts.ts'

const ofPerson = composedOnce(
  composer
    .select({ slug: organizationSlug.slug, organizationId: organizationSlug.organizationId })
    .from(userMembership)
    .innerJoin(organizationSlug, eq(organizationSlug.organizationId, userMembership.organizationId))
    .where(eq(userMembership.userId, sql.placeholder('userId'))),
)

/** Where a person may look for a role: a row may outlive its membership. */
export const membershipsOf = onceInSnapshot((transaction, userId) => ofPerson(transaction, { userId }))
