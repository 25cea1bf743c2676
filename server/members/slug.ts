import type { Transaction } from '../../db/client.ts'
import { organizationSlug } from '../../db/schema/accounts.ts'
import { newId } from '../ledger/ids.ts'

/** The address part that a name leads to: lower-case ASCII letters, digits and single hyphens, 40 at most. */
export function slugFrom(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '')
  return slug === '' ? 'organization' : slug
}

/** Whether a text can be an organization's slug at all. */
export const isSlug = (text: string): boolean => /^[a-z0-9-]+$/.test(text)

/** Takes the first free slug: the name's own, then with a number, at last with a random end. */
export async function takeSlug(
  transaction: Transaction,
  organizationId: string,
  name: string,
): Promise<string> {
  const wished = slugFrom(name)
  for (const slug of [wished, ...[2, 3, 4, 5, 6, 7, 8, 9].map(number => `${wished}-${number}`)]) {
    if (await insertSlug(transaction, organizationId, slug)) return slug
  }
  const slug = `${wished}-${newId().slice(-12)}`
  await insertSlug(transaction, organizationId, slug)
  return slug
}

async function insertSlug(transaction: Transaction, organizationId: string, slug: string): Promise<boolean> {
  const inserted = await transaction
    .insert(organizationSlug)
    .values({ organizationId, slug })
    .onConflictDoNothing({ target: organizationSlug.slug })
    .returning({ slug: organizationSlug.slug })
  return inserted.length > 0
}
