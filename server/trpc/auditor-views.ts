import { z } from 'zod'
import { recordAuditorView } from '../assessments/record-access.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'

/**
 * What an auditor opens by asking a procedure, and the field of its input that says what it was about; null where a page
 * is about everything. Procedures that are not here open nothing of their own: they frame, follow or record themselves.
 */
export const auditorViews: Readonly<Record<string, string | null>> = {
  'coverage.overview': null,
  'coverage.timeline': null,
  'coverage.timelineCsv': null,
  'coverage.explain': null,
  'coverage.hours': null,
  'coverage.hoursCsv': null,
  'controls.list': null,
  'controls.csv': null,
  'controls.get': 'controlId',
  'evidence.list': null,
  'evidence.kind': 'kind',
  'evidence.get': 'id',
  'evidence.population': 'kind',
  'evidence.populationCsv': 'kind',
  'evidence.itemProof': 'subject',
  'ledger.events': null,
  'ledger.eventsCsv': null,
  'ledger.event': 'position',
  'ledger.inclusion': 'position',
  'ledger.compare': null,
  'alerts.list': null,
  'alerts.csv': null,
  'connections.list': null,
  'connections.get': 'connectionId',
  'connections.runsCsv': 'connectionId',
  'exports.list': null,
  'exports.get': 'exportId',
  'assessments.list': null,
  'assessments.get': 'assessmentId',
  'assessments.sample': 'sampleId',
  'accounts.list': null,
  'accounts.csv': null,
  'accounts.get': 'subject',
  'accounts.administrators': null,
  'reviews.changes': null,
  'reviews.signIns': null,
  'reviews.guests': null,
  'exceptions.list': null,
  'settings.get': null,
  'retention.show': null,
  memberList: null,
  memberCsv: null,
}

const answered = z.looseObject({ asOf: z.looseObject({ position: z.int() }) })

/** Records that an auditor was answered. An answer that cannot be recorded is not given. */
export async function recordView(
  services: Services,
  access: Access,
  { path, input, answer }: { path: string; input: unknown; answer: unknown },
): Promise<void> {
  const field = auditorViews[path]
  if (field === undefined) return
  const asOf = answered.safeParse(answer)
  await recordAuditorView(services, access, {
    what: path,
    subject: field === null ? null : subjectOf(input, field),
    position: asOf.success ? asOf.data.asOf.position : null,
  })
}

function subjectOf(input: unknown, field: string): string | null {
  const value = z.looseObject({}).safeParse(input).data?.[field]
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 80) : null
}
