import { rejudge } from '../coverage/rejudge.ts'
import type { AccountClass } from '../domain/account/class.ts'
import {
  type AccountCommand,
  type AccountEvent,
  decideAccount,
  endingClasses,
  evolveAccount,
  initialAccount,
  longestDeclaration,
} from '../domain/account/declaration.ts'
import { AppError } from '../errors.ts'
import { accountStream } from '../ledger/ids.ts'
import type { Unit } from '../ledger/ledger.ts'
import { lockHead } from '../ledger/lock-head.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { DecisionFields } from './decision-fields.ts'
import { requireMember, sourceOfAccount } from './known-parties.ts'

type Needed = Pick<Services, 'ledger' | 'connectors'>
type Actor = Pick<Access, 'organizationId' | 'userId'>

export interface ClassDeclaration {
  subjectKey: string
  class: AccountClass
  ownerId: string
  reason: string
  /** The last day in UTC, `yyyy-mm-dd`; empty where the declaration holds until it is withdrawn. */
  expiresOn: string
}

/**
 * Declares what an account is, and judges by it at once.
 * @throws {AppError} bad_input by field; not_found for an account that no directory of the organization lists now
 */
export async function declareClass(
  services: Needed,
  actor: Actor,
  { subjectKey, class: declared, ownerId, reason: text, expiresOn }: ClassDeclaration,
): Promise<void> {
  await decide(services, actor, subjectKey, async (unit, sourceId) => {
    await requireMember(unit, ownerId)
    const fields = new DecisionFields()
    const reason = fields.reason(text)
    const now = unit.now
    const isRequired = endingClasses.has(declared)
    const expiresAt = fields.lastDay(expiresOn, { now, longest: longestDeclaration, isRequired })
    fields.check()
    return {
      type: 'declare',
      declaration: {
        sourceId,
        subjectKey,
        class: declared,
        ownerId,
        reason,
        expiresAt: expiresAt?.toISOString() ?? null,
      },
      now,
    }
  })
}

/** Takes a declaration back: the account is what the directory says again. @throws {AppError} as {@link declareClass} */
export async function withdrawClass(
  services: Needed,
  actor: Actor,
  { subjectKey, reason }: { subjectKey: string; reason: string },
): Promise<void> {
  await decide(
    services,
    actor,
    subjectKey,
    async ({ now }) => ({
      type: 'withdraw',
      reason: reasonOf(reason),
      now,
    }),
    leaving,
  )
}

/** Puts an account on the list of approved administrators, or takes it off. @throws {AppError} bad_input, not_found */
export async function listAdministrator(
  services: Needed,
  actor: Actor,
  { subjectKey, isApproved, reason }: { subjectKey: string; isApproved: boolean; reason: string },
): Promise<void> {
  await decide(
    services,
    actor,
    subjectKey,
    async () => ({
      type: isApproved ? 'approve_administrator' : 'withdraw_administrator',
      reason: reasonOf(reason),
    }),
    isApproved ? {} : leaving,
  )
}

/** What is taken back may be of an account that is gone. */
const leaving = { isGoneToo: true }

async function decide(
  services: Needed,
  { organizationId, userId }: Actor,
  subjectKey: string,
  commandFor: (unit: Unit, sourceId: string) => Promise<AccountCommand>,
  options: { isGoneToo?: boolean } = {},
): Promise<void> {
  await services.ledger.command(organizationId, `user:${userId}`, async unit => {
    await lockHead(unit)
    const sourceId = await sourceOfAccount(unit, subjectKey, options)
    const command = await commandFor(unit, sourceId)
    const id = accountStream(sourceId, subjectKey)
    const known = (await unit.load(id)).map(accountEvent)
    const state = known.reduce(evolveAccount, initialAccount(sourceId, subjectKey))
    const events = decideAccount(command, state)
    await unit.append({ type: 'account', id }, known.length, events)
    if (events.length > 0) await rejudge(services, unit)
  })
}

function reasonOf(text: string): string {
  const fields = new DecisionFields()
  const reason = fields.reason(text)
  fields.check()
  return reason
}

function accountEvent(event: RecordedEvent): AccountEvent {
  switch (event.type) {
    case 'AccountClassDeclared':
    case 'AccountClassWithdrawn':
    case 'AdministratorApproved':
    case 'AdministratorWithdrawn':
      return event
    default:
      throw new AppError('internal', `${event.type} in an account's stream`)
  }
}
