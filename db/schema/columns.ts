import { bigint, customType, timestamp, uuid } from 'drizzle-orm/pg-core'

/** Raw bytes; hashes are 32 of them. */
export const bytea = customType<{ data: Buffer; driverData: Buffer }>({
  dataType: () => 'bytea',
})

/** An instant, exact to the millisecond. */
export const instant = (name?: string) =>
  name === undefined
    ? timestamp({ withTimezone: true, mode: 'date' })
    : timestamp(name, { withTimezone: true, mode: 'date' })

/** A ledger position: gapless from 0 within an organization. */
export const position = () => bigint({ mode: 'number' })

/** The end of a range that is still open: the largest bigint, as the prototype measured it with plain btree ranges. */
export const openEnd = '9223372036854775807'

/** Every tenant row carries its organization, and every key begins with it. */
export const organizationId = () => uuid('organization_id').notNull()
