import type { Judgement } from '../judgement.ts'
import { judgePolicies, type PolicyEvidence } from './policy-judgement.ts'

/**
 * AC-03, the second factor is demanded: security defaults are on, or enabled policies together demand a second
 * factor of all users on all apps. What a policy blocks altogether needs no second factor. Legacy clients, which
 * cannot give one, are AC-05's.
 */
export function judgeAc03(evidence: PolicyEvidence): Judgement {
  return judgePolicies(evidence, {
    clientAppTypes: ['browser', 'mobileAppsAndDesktopClients'],
    effect: 'second_factor',
    alsoCloses: ['block'],
    openCode: 'second_factor_not_demanded',
    closedCode: 'second_factor_demanded',
  })
}
