import { type Reducer, succeeded } from './reducer.ts'
import type { AccountClassRow } from './rows.ts'

/** What people declared accounts to be, over time. Ids that the source names are kept in lower case, as the tables do. */
export const accountClassReducer: Reducer<AccountClassRow> = {
  change(event) {
    if (event.type !== 'AccountClassDeclared' && event.type !== 'AccountClassWithdrawn') return null
    const { position, recordedAt: at, actor, payload } = event
    const { sourceId, reason } = payload
    const subjectKey = payload.subjectKey.toLowerCase()
    const row: AccountClassRow = {
      sourceId,
      subjectKey,
      fromPosition: position,
      toPosition: null,
      ...declaredBy(event),
      reason,
      at,
      actor,
    }
    return { subject: [sourceId, subjectKey], rows: newest => succeeded(newest, position, () => row) }
  },
  subject: ['sourceId', 'subjectKey'],
  begin: 'fromPosition',
}

type ClassEvent = Extract<
  Parameters<typeof accountClassReducer.change>[0],
  { type: 'AccountClassDeclared' | 'AccountClassWithdrawn' }
>

function declaredBy(event: ClassEvent): Pick<AccountClassRow, 'class' | 'ownerId' | 'expiresAt'> {
  if (event.type === 'AccountClassWithdrawn') return { class: null, ownerId: null, expiresAt: null }
  const { class: declared, ownerId, expiresAt } = event.payload
  return { class: declared, ownerId, expiresAt: expiresAt === null ? null : new Date(expiresAt) }
}
