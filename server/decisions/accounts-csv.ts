import type { Transaction } from '../../db/client.ts'
import { chooseSource, listSources } from '../evidence/queries/sources.ts'
import { pagesFrom, type SavedFile, tableFile } from '../export/table-file.ts'
import type { AsOf } from '../ledger/position-at.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { type AskedAccounts, listAccounts } from './list-accounts.ts'

const batchSize = 1_000

/**
 * The accounts that a page's address asks for, all of them. Each batch has a transaction of its own.
 * @throws {AppError} not_found for a directory that is unknown
 */
export async function accountsFile(
  services: Pick<Services, 'connectors' | 'database'>,
  transaction: Transaction,
  access: Access,
  asOf: AsOf,
  asked: Omit<AskedAccounts, 'cursor'>,
): Promise<SavedFile> {
  const { organizationId } = access
  const { search, filter, source } = asked
  // Later batches may see more than the first: what they answer is as of its position.
  const atPosition = { ...asOf, isNow: false }
  if (source !== undefined)
    chooseSource(await listSources(services, transaction, organizationId, asOf.position), source)
  return tableFile(access, asOf, {
    title: 'Accounts',
    filters: {
      'names that begin with': search,
      'of class': filter === 'all' ? '' : filter,
      'of directory': source,
    },
    columns: [
      ['Name', each => each.name],
      ['Sign-in name', each => each.login],
      ['Class', each => each.classWords],
      ['Class given by', each => each.by],
      ['Without a class since', each => each.openSince],
      ['Owner', each => each.ownerName],
      ['Until', each => each.expiresAt],
      ['Enabled', each => each.isEnabled],
      ['Subject key', each => each.subjectKey],
    ],
    pages: pagesFrom<ListedRow, string>(async after => {
      const cursor = after === null ? null : ({ direction: 'after', subjectKey: after } as const)
      const page = await services.database.withOrganization(organizationId, transaction =>
        listAccounts(services, transaction, organizationId, atPosition, {
          ...asked,
          cursor,
          limit: batchSize,
        }),
      )
      return { rows: page.accounts, next: page.next }
    }),
  })
}

type ListedRow = Awaited<ReturnType<typeof listAccounts>>['accounts'][number]
