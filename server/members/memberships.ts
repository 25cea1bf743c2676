import { eq } from 'drizzle-orm'
import { onceInSnapshot } from '../../db/once-in-snapshot.ts'
import { organizationSlug, userMembership } from '../../db/schema/accounts.ts'

/** Where a person may look for a role: a row may outlive its membership. */
export const membershipsOf = onceInSnapshot((transaction, userId) =>
  transaction
    .select({ slug: organizationSlug.slug, organizationId: organizationSlug.organizationId })
    .from(userMembership)
    .innerJoin(organizationSlug, eq(organizationSlug.organizationId, userMembership.organizationId))
    .where(eq(userMembership.userId, userId)),
)
