import { accountClassReducer } from './account-class.ts'
import { administratorReducer } from './administrator.ts'
import { alertReducer } from './alert.ts'
import { assessmentReducer } from './assessment.ts'
import { assessmentEvidenceReducer } from './assessment-evidence.ts'
import { connectionReducer } from './connection.ts'
import { erasureReducer } from './erasure.ts'
import { exceptionReducer } from './exception.ts'
import { kindStatusReducer } from './kind-status.ts'
import { memberReducer } from './member.ts'
import { organizationReducer } from './organization.ts'
import { outOfScopeReducer } from './out-of-scope.ts'
import type { Reducer } from './reducer.ts'
import { reviewReducer } from './review.ts'
import type { ProjectionName, ProjectionRows } from './rows.ts'
import { runReducer } from './run.ts'
import { sampleReducer } from './sample.ts'
import { successChainReducer } from './success-chain.ts'
import { thresholdReducer } from './threshold.ts'
import { verdictReducer } from './verdict.ts'

/** The projections that are told from events alone; membership takes the deltas beside them. */
export type ReducedName = Exclude<ProjectionName, 'membership'>

export const reducers: { readonly [N in ReducedName]: Reducer<ProjectionRows[N]> } = {
  organizationProfile: organizationReducer,
  member: memberReducer,
  connection: connectionReducer,
  run: runReducer,
  kindStatus: kindStatusReducer,
  successChain: successChainReducer,
  verdict: verdictReducer,
  assessment: assessmentReducer,
  assessmentEvidence: assessmentEvidenceReducer,
  sample: sampleReducer,
  threshold: thresholdReducer,
  outOfScope: outOfScopeReducer,
  accountClass: accountClassReducer,
  administrator: administratorReducer,
  exception: exceptionReducer,
  review: reviewReducer,
  alert: alertReducer,
  erasure: erasureReducer,
}

export const reducedNames = Object.keys(reducers) as readonly ReducedName[]
