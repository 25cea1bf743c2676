import type { Judgement } from '../judgement.ts'
import { judgePolicies, type PolicyEvidence } from './policy-judgement.ts'
import { secondFactorQuestion } from './second-factor.ts'

/**
 * AC-03, the second factor is demanded: security defaults are on, or enabled policies together demand a second
 * factor of all users on all apps. What a policy blocks altogether needs no second factor. Legacy clients, which
 * cannot give one, are AC-05's.
 */
export const judgeAc03 = (evidence: PolicyEvidence): Judgement =>
  judgePolicies(evidence, secondFactorQuestion)
