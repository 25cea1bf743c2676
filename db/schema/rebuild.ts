import { type PgSchema, pgSchema } from 'drizzle-orm/pg-core'
import { projectionTables } from './projections.ts'

/** State class: where a rebuild writes the projections anew, beside the live ones. Empty otherwise. */
export const rebuildSchema: PgSchema = pgSchema('rebuild')

export const {
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
  review: rebuiltReview,
  alert: rebuiltAlert,
  erasure: rebuiltErasure,
} = projectionTables(rebuildSchema)
