import type { z } from 'zod'
import { DomainRefusal } from '../refusal.ts'
import type { AccountClass } from './class.ts'
import type {
  accountClassDeclared,
  accountClassWithdrawn,
  administratorApproved,
  administratorWithdrawn,
} from './events.ts'

export type AccountEvent =
  | { type: 'AccountClassDeclared'; payload: z.infer<typeof accountClassDeclared> }
  | { type: 'AccountClassWithdrawn'; payload: z.infer<typeof accountClassWithdrawn> }
  | { type: 'AdministratorApproved'; payload: z.infer<typeof administratorApproved> }
  | { type: 'AdministratorWithdrawn'; payload: z.infer<typeof administratorWithdrawn> }

export type AccountCommand =
  | { type: 'declare'; declaration: z.infer<typeof accountClassDeclared>; now: Date }
  | { type: 'withdraw'; reason: string; now: Date }
  | { type: 'approve_administrator' | 'withdraw_administrator'; reason: string }

export interface AccountState {
  sourceId: string
  subjectKey: string
  /** The declaration made last, unless it was withdrawn. */
  declared: { class: AccountClass; ownerId: string; reason: string; expiresAt: Date | null } | null
  isApprovedAdministrator: boolean
}

export const initialAccount = (sourceId: string, subjectKey: string): AccountState => ({
  sourceId,
  subjectKey,
  declared: null,
  isApprovedAdministrator: false,
})

/** What a person may declare: whether somebody is still to come is the directory's to say. */
export const declarableClasses = [
  'person',
  'guest',
  'service',
  'directory_sync',
  'emergency',
  'shared',
] as const satisfies readonly AccountClass[]

/** Classes of which somebody must think again: nobody leaves a company whose leaving would end them. */
export const endingClasses: ReadonlySet<AccountClass> = new Set<AccountClass>(['emergency', 'service'])

/** As long as an exception at most, for the same reason: a period under examination sees it decided anew. */
export const longestDeclaration = 365 * 86_400_000

/** Which events a command leads to. No event means that nothing changed. @throws {DomainRefusal} */
export function decideAccount(command: AccountCommand, state: AccountState): AccountEvent[] {
  const { sourceId, subjectKey, declared } = state
  switch (command.type) {
    case 'declare': {
      const { declaration, now } = command
      checkDeclaration(declaration, now)
      return isSame(declaration, state, now) ? [] : [{ type: 'AccountClassDeclared', payload: declaration }]
    }
    case 'withdraw': {
      const isOver = declared?.expiresAt != null && declared.expiresAt <= command.now
      if (!declared || isOver) {
        throw new DomainRefusal(
          'not_declared',
          'No declaration stands for this account. There is nothing to withdraw.',
        )
      }
      return [{ type: 'AccountClassWithdrawn', payload: { sourceId, subjectKey, reason: command.reason } }]
    }
    case 'approve_administrator':
      if (state.isApprovedAdministrator) return []
      return [{ type: 'AdministratorApproved', payload: { sourceId, subjectKey, reason: command.reason } }]
    case 'withdraw_administrator':
      if (!state.isApprovedAdministrator) {
        throw new DomainRefusal('not_listed', 'This account is not on the approved list.')
      }
      return [{ type: 'AdministratorWithdrawn', payload: { sourceId, subjectKey, reason: command.reason } }]
  }
}

export function evolveAccount(state: AccountState, event: AccountEvent): AccountState {
  switch (event.type) {
    case 'AccountClassDeclared': {
      const { class: declaredClass, ownerId, reason, expiresAt } = event.payload
      const declared = {
        class: declaredClass,
        ownerId,
        reason,
        expiresAt: expiresAt === null ? null : new Date(expiresAt),
      }
      return { ...state, declared }
    }
    case 'AccountClassWithdrawn':
      return { ...state, declared: null }
    case 'AdministratorApproved':
      return { ...state, isApprovedAdministrator: true }
    case 'AdministratorWithdrawn':
      return { ...state, isApprovedAdministrator: false }
  }
}

function checkDeclaration(
  { class: declared, expiresAt }: z.infer<typeof accountClassDeclared>,
  now: Date,
): void {
  if (expiresAt === null) {
    if (!endingClasses.has(declared)) return
    throw new DomainRefusal(
      'endless',
      'Emergency and service accounts are declared until a day, a year ahead at most, so that somebody thinks of them again.',
    )
  }
  const ends = new Date(expiresAt)
  if (ends <= now) throw new DomainRefusal('past', 'The declaration must end in the future.')
  if (ends.getTime() - now.getTime() > longestDeclaration + 86_400_000) {
    throw new DomainRefusal('too_long', 'A declaration lasts a year at most. Choose an earlier day.')
  }
}

function isSame(
  declaration: z.infer<typeof accountClassDeclared>,
  { declared }: AccountState,
  now: Date,
): boolean {
  if (!declared || (declared.expiresAt !== null && declared.expiresAt <= now)) return false
  return (
    declared.class === declaration.class &&
    declared.ownerId === declaration.ownerId &&
    declared.reason === declaration.reason &&
    (declared.expiresAt?.toISOString() ?? null) === declaration.expiresAt
  )
}
