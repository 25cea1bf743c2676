import type { Grant, Role } from '../../domain/member/roles.ts'
import { type Reducer, succeeded } from './reducer.ts'
import type { MemberRow } from './rows.ts'

/** Who had which role when. */
export const memberReducer: Reducer<MemberRow> = {
  change(event) {
    const { position, recordedAt } = event
    switch (event.type) {
      case 'MemberJoined': {
        const row = rowOf(event.payload, position, recordedAt)
        return { subject: [row.userId], rows: newest => succeeded(newest, position, () => row) }
      }
      case 'MemberRoleChanged': {
        const row = rowOf(event.payload, position, recordedAt)
        return {
          subject: [row.userId],
          rows: newest => succeeded(newest, position, open => ({ ...row, since: open?.since ?? recordedAt })),
        }
      }
      case 'MemberRemoved':
        return {
          subject: [event.payload.userId],
          rows: newest => succeeded(newest, position, () => null),
        }
      default:
        return null
    }
  },
  subject: ['userId'],
  begin: 'fromPosition',
}

function rowOf(
  { userId, role, grant }: { userId: string; role: Role; grant: Grant | null },
  fromPosition: number,
  since: Date,
): MemberRow {
  return {
    userId,
    fromPosition,
    toPosition: null,
    role,
    periodFrom: grant && new Date(grant.periodFrom),
    periodTo: grant && new Date(grant.periodTo),
    expiresAt: grant && new Date(grant.expiresAt),
    assessments: grant?.assessments ?? [],
    since,
  }
}
