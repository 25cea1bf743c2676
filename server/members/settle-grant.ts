import { and, inArray } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { assessment } from '../../db/schema/state.ts'
import { AppError, notFound } from '../errors.ts'
import type { Unit } from '../ledger/ledger.ts'
import { isOpen } from '../projections/range.ts'
import type { AccessGrant } from './stored-role.ts'

/** A grant as it was asked for: bound to a period, or to assessments and their period. */
export interface AskedGrant {
  period: { from: Date; to: Date } | null
  expiresAt: Date
  assessments: readonly string[]
}

/**
 * The grant that is given.
 * @throws {AppError} not_found for an assessment that is none of the organization's, bad_input where what lies between
 * two of them would be given, too
 */
export async function settleGrant(
  { transaction, organizationId }: Pick<Unit, 'transaction' | 'organizationId'>,
  asked: AskedGrant | null,
): Promise<AccessGrant | null> {
  if (!asked) return null
  const { expiresAt, assessments, period } = asked
  if (period) return { periodFrom: period.from, periodTo: period.to, expiresAt, assessments: [] }
  const periods = await periodsOf(transaction, organizationId, assessments)
  if (periods.length < assessments.length) throw notFound('assessment')
  if (hasGap(periods)) throw apart()
  return { ...spanOf(periods), expiresAt, assessments }
}

/** A grant with the period that its assessments have now; null where none of them is left. */
export async function withPresentPeriod(
  transaction: Transaction,
  organizationId: string,
  grant: AccessGrant,
): Promise<AccessGrant | null> {
  if (grant.assessments.length === 0) return grant
  const periods = await periodsOf(transaction, organizationId, grant.assessments)
  return periods.length === 0 ? null : { ...grant, ...spanOf(periods) }
}

interface Period {
  periodFrom: Date
  periodTo: Date
}

const periodsOf = (transaction: Transaction, organizationId: string, ids: readonly string[]) =>
  transaction
    .select({ periodFrom: assessment.periodFrom, periodTo: assessment.periodTo })
    .from(assessment)
    .where(and(isOpen(assessment, organizationId), inArray(assessment.id, [...ids])))

function spanOf(periods: readonly Period[]): Period {
  const times = (of: (period: Period) => Date) => periods.map(period => of(period).getTime())
  return {
    periodFrom: new Date(Math.min(...times(period => period.periodFrom))),
    periodTo: new Date(Math.max(...times(period => period.periodTo))),
  }
}

const day = 86_400_000

function hasGap(periods: readonly Period[]): boolean {
  const sorted = [...periods].sort((one, other) => one.periodFrom.getTime() - other.periodFrom.getTime())
  let reached = sorted[0]?.periodTo.getTime() ?? 0
  for (const { periodFrom, periodTo } of sorted) {
    if (periodFrom.getTime() > reached + day) return true
    reached = Math.max(reached, periodTo.getTime())
  }
  return false
}

const apart = () =>
  new AppError('bad_input', 'the assessments of a grant lie apart', {
    fields: {
      assessments:
        'Between the periods of these assessments lies time that belongs to none of them. Choose assessments whose periods touch.',
    },
  })
