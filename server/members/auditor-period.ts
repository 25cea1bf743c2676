import type { Transaction } from '../../db/client.ts'
import { minuteWords } from '../domain/minute-words.ts'
import { AppError } from '../errors.ts'
import { lastPositionAt } from '../ledger/position-at.ts'
import type { Access } from './resolve-access.ts'

/** What an auditor's period begins with. Null for everybody else: their view has no beginning. */
export interface PeriodStart {
  from: Date
  /** The last position before the period; -1 where the ledger begins inside it. */
  position: number
}

/** Where an auditor's view of lists and histories begins. */
export async function periodStart(transaction: Transaction, access: Access): Promise<PeriodStart | null> {
  const { role, grant, organizationId } = access
  if (role !== 'auditor') return null
  if (!grant) throw new AppError('forbidden', 'an auditor without a grant')
  const position = await lastPositionAt(transaction, organizationId, grant.periodFrom)
  return { from: grant.periodFrom, position }
}

/** What lies before an auditor's period. */
export const beforePeriod = ({ from }: PeriodStart) =>
  new AppError('not_found', 'before the auditor’s period', {
    userMessage: `This is from before your period, which begins on ${minuteWords(from)}. Ask an owner or admin of the organization if you need it.`,
    details: { periodFrom: from.toISOString() },
  })
