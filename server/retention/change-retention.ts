import { yearsInWords } from '../domain/retention/window.ts'
import { AppError } from '../errors.ts'
import { commandOrganization, organizationState } from '../members/command-organization.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'

export interface AskedRetention {
  years: number
  /** Empty for none. */
  reason: string
  /** What was typed: a shorter window removes content for good. */
  confirmation: string
}

/**
 * Changes how long the content of items is kept. A shorter window takes effect with the next daily purge.
 * @throws {AppError} bad_input on `confirmation`; precondition_failed for what the rules refuse
 */
export async function changeRetention(
  { ledger }: Pick<Services, 'ledger'>,
  { organizationId, userId }: Pick<Access, 'organizationId' | 'userId'>,
  { years, reason, confirmation }: AskedRetention,
): Promise<void> {
  await ledger.command(organizationId, `user:${userId}`, async unit => {
    const { state } = await organizationState(unit)
    if (years < state.retentionYears && confirmation.trim().toLowerCase() !== yearsInWords(years)) {
      throw notConfirmed(years)
    }
    await commandOrganization(unit, {
      type: 'change_retention',
      years,
      reason: reason === '' ? null : reason,
    })
  })
}

const notConfirmed = (years: number) =>
  new AppError('bad_input', 'shorter retention not confirmed', {
    userMessage:
      'Nothing was changed: a shorter window removes content for good, so it is confirmed by typing it.',
    fields: { confirmation: `Type ${yearsInWords(years)}.` },
  })
