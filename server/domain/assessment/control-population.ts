import { suggestAccountClass } from '../account/class.ts'
import type { ControlId } from '../control/definition.ts'
import { parseItem } from '../evidence/items.ts'
import type { EvidenceKind } from '../evidence/kinds.ts'

/** Whether an item is in the population that a control looks at; where not, why. */
export type Standing = { isIncluded: true } | { isIncluded: false; reason: string }

/** An item as it is stored, with what is known of the same subject under the companion kind. */
export interface PopulationSource {
  /** Canonical JSON; null where it was purged. */
  body: string | null
  companion: string | null
}

interface PopulationRule {
  kind: EvidenceKind
  standing(source: { body: string; companion: string | null }, at: Date): Standing
}

const included: Standing = { isIncluded: true }
const excluded = (reason: string): Standing => ({ isIncluded: false, reason })

const people: PopulationRule = {
  kind: 'user_inventory',
  standing({ body }, at) {
    const user = parseItem('user_inventory', body)
    if (user.accountEnabled === false) return excluded('The account is disabled')
    switch (suggestAccountClass(user, at).class) {
      case 'guest':
        return excluded('A guest, not a person of the organization')
      case 'directory_sync':
        return excluded('An account of directory synchronisation')
      case 'future_hire':
        return excluded('The first day at work is still to come')
      default:
        return included
    }
  },
}

const administrators: PopulationRule = {
  kind: 'user_inventory',
  standing({ body, companion }) {
    if (parseItem('user_inventory', body).accountEnabled === false) return excluded('The account is disabled')
    if (companion === null) return excluded('No registration record says whether it holds a directory role')
    return parseItem('mfa_registration', companion).isAdmin === false
      ? excluded('Holds no directory role')
      : included
  },
}

const accounts: PopulationRule = {
  kind: 'user_inventory',
  standing: ({ body }) =>
    parseItem('user_inventory', body).accountEnabled === false
      ? excluded('The account is disabled')
      : included,
}

const guests: PopulationRule = {
  kind: 'user_inventory',
  standing({ body }, at) {
    const user = parseItem('user_inventory', body)
    if (user.accountEnabled === false) return excluded('The account is disabled')
    return suggestAccountClass(user, at).class === 'guest' ? included : excluded('Not a guest')
  },
}

const policies: PopulationRule = {
  kind: 'conditional_access_policies',
  standing({ body }) {
    const { state } = parseItem('conditional_access_policies', body)
    if (state === 'enabled') return included
    return excluded(state === 'disabled' ? 'The policy is off' : 'The policy only reports')
  },
}

const riskySignIns: PopulationRule = { kind: 'risky_sign_ins', standing: () => included }

/**
 * Controls that look at rows of evidence one by one. Others have no population to draw from. What people declared of an
 * account takes it out of no population: a sample shows it all the same.
 */
const rules: Readonly<Partial<Record<ControlId, PopulationRule>>> = {
  'AC-01': accounts,
  'AC-02': people,
  'AC-03': policies,
  'AC-04': administrators,
  'AC-05': policies,
  'AC-08': people,
  'AC-10': administrators,
  'AC-11': guests,
  'AC-12': policies,
  'AC-13': policies,
  'AC-14': riskySignIns,
  'AC-15': riskySignIns,
}

/** The kind of evidence whose items are the control's population; null for a control that has none. */
export const populationKind = (controlId: string): EvidenceKind | null => ruleOf(controlId)?.kind ?? null

/** How an item stands in a control's population, as of an instant. @throws {RangeError} for a control without one */
export function populationStanding(controlId: string, source: PopulationSource, at: Date): Standing {
  const rule = ruleOf(controlId)
  if (!rule) throw new RangeError(`${controlId} has no population`)
  const { body, companion } = source
  return body === null ? excluded('Its content was removed') : rule.standing({ body, companion }, at)
}

const ruleOf = (controlId: string): PopulationRule | undefined =>
  Object.entries(rules).find(([id]) => id === controlId)?.[1]
