import type { Reason, Verdict } from './judgement.ts'
import { policyExplanations } from './words-policies.ts'
import { accountExplanations, type Explain, type Explanation, systemExplanations } from './words-reasons.ts'
import { reviewExplanations } from './words-reviews.ts'

export type { Explanation } from './words-reasons.ts'

const explanations: ReadonlyMap<string, Explain> = new Map(
  Object.entries({
    ...accountExplanations,
    ...policyExplanations,
    ...reviewExplanations,
    ...systemExplanations,
  }),
)

/**
 * A reason in plain words, and what to do about it. Objects of the directory are named by id unless `nameOf` knows
 * better.
 */
export function explainReason(reason: Reason, nameOf: (id: string) => string = id => id): Explanation {
  const explain = explanations.get(reason.code)
  if (explain !== undefined) return explain(reason, nameOf)
  // A reason recorded by a later catalogue than this code knows: its code is all there is to say.
  return {
    text: `${reason.code.replaceAll('_', ' ')} (${reason.count}).`,
    nextStep: { label: '', action: 'none' },
  }
}

/** The verdict in a word or two, with the one thing that stands in the way where there is one. */
export function verdictWords(verdict: Verdict, reasons: readonly Reason[] = []): string {
  const made = reasons.find(reason => reason.verdict === verdict)
  switch (verdict) {
    case 'pass':
      return 'Pass'
    case 'fail':
      return 'Fail'
    case 'not_testable':
      return made === undefined ? 'Not testable' : `Not testable: ${obstacle(made)}`
    case 'no_data':
      return made === undefined ? 'No data' : `No data${absence(made)}`
  }
}

function obstacle({ detail }: Reason): string {
  if (detail.reason === 'licence')
    return typeof detail.licence === 'string' ? `needs ${detail.licence}` : 'needs a licence'
  if (detail.reason === 'scope') return 'needs a scope'
  if (detail.reason === 'role') return 'needs a role'
  return 'not offered here'
}

function absence({ code }: Reason): string {
  if (code === 'no_connection') return ': not connected'
  if (code === 'revoked') return ': revoked'
  if (code === 'evidence_not_collected' || code === 'not_evaluated' || code === 'no_run') return ' yet'
  return ''
}
