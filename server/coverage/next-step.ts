import type { Explanation } from '../domain/control/words.ts'

/** A way on: words, and a path below the organization's own address. */
export interface NextStep {
  readonly label: string
  readonly to: string
}

/** Where a reason's next step leads; null where there is nothing to do. */
export function nextStepOf(
  { label, action }: Explanation['nextStep'],
  where: { controlId: string; connectionId: string | null },
): NextStep | null {
  switch (action) {
    case 'see_subjects':
      return { label, to: `controls/${where.controlId}#subjects` }
    case 'see_policy':
      return { label, to: 'evidence/kind/conditional_access_policies' }
    case 'see_exceptions':
      return { label, to: `controls/${where.controlId}#exceptions` }
    case 'review_guests':
    case 'acknowledge_changes':
    case 'settle_sign_ins':
      return { label, to: `controls/${where.controlId}#reviews` }
    case 'connect':
      return { label, to: 'settings/integrations' }
    case 'reauthorize':
    case 'replace_secret':
    case 'grant_scope':
    case 'remove_scope':
      return {
        label,
        to:
          where.connectionId === null
            ? 'settings/integrations'
            : `settings/integrations/connections/${where.connectionId}`,
      }
    case 'none':
      return null
  }
}
