import type { Judgement } from '../judgement.ts'
import { judgePolicies, type PolicyEvidence } from './policy-judgement.ts'

/**
 * AC-05, legacy protocols are shut: security defaults are on, or enabled policies together block both kinds of
 * legacy client for all users on all apps.
 */
export function judgeAc05(evidence: PolicyEvidence): Judgement {
  return judgePolicies(evidence, {
    clientAppTypes: ['exchangeActiveSync', 'other'],
    effects: ['block'],
    alsoCloses: [],
    openCode: 'legacy_clients_open',
    closedCode: 'legacy_clients_blocked',
  })
}
