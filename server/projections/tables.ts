import type { projectionTables } from '../../db/schema/projections.ts'
import {
  rebuiltAssessment,
  rebuiltAssessmentEvidence,
  rebuiltConnection,
  rebuiltKindStatus,
  rebuiltMember,
  rebuiltMembership,
  rebuiltOrganizationProfile,
  rebuiltRun,
  rebuiltSample,
  rebuiltSuccessChain,
  rebuiltVerdict,
} from '../../db/schema/rebuild.ts'
import {
  assessment,
  assessmentEvidence,
  connection,
  kindStatus,
  member,
  membership,
  organizationProfile,
  run,
  sample,
  successChain,
  verdict,
} from '../../db/schema/state.ts'

/** The tables that projections write to, by the projection's name. */
export type ProjectionTables = ReturnType<typeof projectionTables>

/** What is read. */
export const liveTables: ProjectionTables = {
  organizationProfile,
  member,
  connection,
  run,
  kindStatus,
  successChain,
  membership,
  verdict,
  assessment,
  assessmentEvidence,
  sample,
}

/** What a rebuild writes, beside the live ones. */
export const rebuildTables: ProjectionTables = {
  organizationProfile: rebuiltOrganizationProfile,
  member: rebuiltMember,
  connection: rebuiltConnection,
  run: rebuiltRun,
  kindStatus: rebuiltKindStatus,
  successChain: rebuiltSuccessChain,
  membership: rebuiltMembership,
  verdict: rebuiltVerdict,
  assessment: rebuiltAssessment,
  assessmentEvidence: rebuiltAssessmentEvidence,
  sample: rebuiltSample,
}
