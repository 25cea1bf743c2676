import type { projectionTables } from '../../db/schema/projections.ts'
import {
  rebuiltAccountClass,
  rebuiltAdministrator,
  rebuiltAlert,
  rebuiltAssessment,
  rebuiltAssessmentEvidence,
  rebuiltConnection,
  rebuiltException,
  rebuiltKindStatus,
  rebuiltMember,
  rebuiltMembership,
  rebuiltOrganizationProfile,
  rebuiltOutOfScope,
  rebuiltRun,
  rebuiltSample,
  rebuiltSuccessChain,
  rebuiltThreshold,
  rebuiltVerdict,
} from '../../db/schema/rebuild.ts'
import {
  accountClass,
  administrator,
  alert,
  assessment,
  assessmentEvidence,
  connection,
  exception,
  kindStatus,
  member,
  membership,
  organizationProfile,
  outOfScope,
  run,
  sample,
  successChain,
  threshold,
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
  threshold,
  outOfScope,
  accountClass,
  administrator,
  exception,
  alert,
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
  threshold: rebuiltThreshold,
  outOfScope: rebuiltOutOfScope,
  accountClass: rebuiltAccountClass,
  administrator: rebuiltAdministrator,
  exception: rebuiltException,
  alert: rebuiltAlert,
}
