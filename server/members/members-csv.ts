import { roleNames } from '../domain/member/roles.ts'
import { onePage, type SavedFile, tableFile } from '../export/table-file.ts'
import type { AsOf } from '../ledger/position-at.ts'
import type { ListedMember } from './list-members.ts'
import type { Access } from './resolve-access.ts'

/** Who was a member and as what, with the bounds of auditors. */
export const membersFile = (access: Access, asOf: AsOf, members: readonly ListedMember[]): SavedFile =>
  tableFile(access, asOf, {
    title: 'Members',
    columns: [
      ['Name', member => member.name],
      ['E-mail address', member => member.email],
      ['Role', member => roleNames[member.role]],
      ['Since', member => member.since],
      ['Access ends', member => member.grant?.expiresAt ?? null],
      ['User', member => member.userId],
    ],
    pages: onePage(members),
  })
