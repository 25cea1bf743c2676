import { eq, lte, ne } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { events } from '../../db/schema/ledger.ts'
import { type EventView, eventView, peopleOf } from '../audit/event-view.ts'
import { selectEvents } from '../audit/list-events.ts'
import { readSources, type Source } from '../coverage/read-sources.ts'
import { readTimeline, type Timeline } from '../coverage/read-timeline.ts'
import { sourceLabels } from '../coverage/source-labels.ts'
import { populationKind } from '../domain/assessment/control-population.ts'
import { suggestedInstants } from '../domain/assessment/period.ts'
import { catalogue } from '../domain/control/catalogue.ts'
import type { Catalogue } from '../domain/control/definition.ts'
import { type EvidenceKind, evidenceKind } from '../domain/evidence/kinds.ts'
import { type AsOf, lastPositionAt } from '../ledger/position-at.ts'
import { deletedAccount, namesOfPeople, personOf } from '../members/person-names.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { type ListedSample, samplesOf } from './list-samples.ts'
import { countHeld } from './seal-bodies.ts'
import {
  type AssessmentRow,
  type AssessmentStatus,
  type Attachment,
  attachmentsOf,
  statusOf,
  visibleAssessment,
} from './visible-assessments.ts'

export interface AttachedRow extends Attachment {
  /** What the directory is called. */
  source: string
  /** The look back to the moment at which it was in force. */
  asOfText: string
}

export interface ControlInScope {
  id: string
  title: string
  rule: string
  kinds: { kind: EvidenceKind; title: string }[]
  /** The kind whose items are the control's population, to look at and to draw from; null where it has none. */
  populationKind: EvidenceKind | null
}

export interface ShownAssessment {
  assessmentId: string
  name: string
  periodFrom: Date
  periodTo: Date
  status: AssessmentStatus
  openedAt: Date
  openedBy: string
  submittedAt: Date | null
  submittedBy: string | null
  sentBackReason: string | null
  approvedAt: Date | null
  approvedBy: string | null
  checkpoint: { size: number; root: string } | null
  /** Contents that the seal holds, or would hold, and such as are gone. */
  items: { held: number; gone: number }
  isPeriodOver: boolean
  /** Whether the reader is who submitted it. */
  isOwnSubmission: boolean
  controls: ControlInScope[]
  attachments: AttachedRow[]
  /** Moments that the form offers to attach for. */
  instants: Date[]
  samples: ListedSample[]
  timeline: Timeline
  /** What happened to it, newest first, without each attached row. */
  history: EventView[]
}

/** One assessment with everything about it, as of a moment. @throws {AppError} not_found */
export async function showAssessment(
  services: Pick<Services, 'database' | 'connectors'>,
  transaction: Transaction,
  access: Access,
  asOf: AsOf,
  assessmentId: string,
): Promise<ShownAssessment> {
  const { organizationId } = access
  const { position } = asOf
  const row = await visibleAssessment(transaction, access, position, assessmentId)
  const attachments = await attachmentsOf(transaction, organizationId, position, assessmentId)
  const sources = await readSources(transaction, organizationId, position, services.connectors)
  const labels = await sourceLabels(transaction, organizationId, position, sources)
  const people = await namesOfPeople(
    services.database,
    [personOf(row.openedBy), row.submittedBy, row.approvedBy].filter(id => id !== null),
  )
  const name = (userId: string | null) => userId && (people.get(userId) ?? deletedAccount)
  const { periodFrom, periodTo, checkpointSize: size, checkpointRoot: root } = row
  return {
    assessmentId,
    name: row.name,
    periodFrom,
    periodTo,
    status: statusOf(row.status),
    openedAt: row.openedAt,
    openedBy: name(personOf(row.openedBy)) ?? deletedAccount,
    submittedAt: row.submittedAt,
    submittedBy: name(row.submittedBy),
    sentBackReason: row.sentBackReason,
    approvedAt: row.approvedAt,
    approvedBy: name(row.approvedBy),
    checkpoint: size !== null && root !== null ? { size, root } : null,
    items: await itemsOf(transaction, organizationId, row),
    isPeriodOver: asOf.instant > periodTo,
    isOwnSubmission: row.submittedBy === access.userId,
    controls: controlsOf(row),
    attachments: attachments.map(attachment => ({
      ...attachment,
      source: labels.get(attachment.sourceId) ?? 'a directory',
      asOfText: `${attachment.instant.toISOString()}@${attachment.position}`,
    })),
    instants: suggestedInstants({ from: periodFrom, to: periodTo }, asOf.instant),
    samples: await samplesOf(services, transaction, organizationId, position, assessmentId),
    timeline: await coverageOver(transaction, organizationId, asOf, row, sources),
    history: await historyOf(services, transaction, organizationId, position, assessmentId),
  }
}

function controlsOf({ controls, catalogueVersion }: AssessmentRow): ControlInScope[] {
  return scopeOf({ controls, catalogueVersion }).controls.map(({ id, title, rule, evidence }) => ({
    id,
    title,
    rule,
    kinds: evidence.map(kind => ({ kind, title: evidenceKind(kind).title })),
    populationKind: populationKind(id),
  }))
}

/** The catalogue with the controls in scope and no others. */
function scopeOf({
  controls,
  catalogueVersion,
}: Pick<AssessmentRow, 'controls' | 'catalogueVersion'>): Catalogue {
  const whole = catalogue(catalogueVersion)
  return { ...whole, controls: whole.controls.filter(({ id }) => controls.includes(id)), waiting: [] }
}

/** Of an approved one what its seal holds was counted when it was sealed. */
async function itemsOf(transaction: Transaction, organizationId: string, row: AssessmentRow) {
  if (row.itemsSealed !== null) return { held: row.itemsSealed, gone: row.itemsGone ?? 0 }
  const { held, all } = await countHeld(transaction, organizationId, row.id)
  return { held, gone: all - held }
}

const day = 86_400_000

/** How the controls in scope were covered over the period, as far as it has passed. */
async function coverageOver(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  row: AssessmentRow,
  known: readonly Source[],
): Promise<Timeline> {
  const { periodFrom: from, periodTo } = row
  const to = new Date(Math.min(asOf.instant.getTime(), periodTo.getTime()))
  if (to <= from) return { from, to: from, breakpoints: [], outages: [] }
  const position = Math.min(asOf.position, await lastPositionAt(transaction, organizationId, to))
  const sources = known.filter(({ since }) => since < to)
  const days = (to.getTime() - from.getTime()) / day
  const catalogue = scopeOf(row)
  return readTimeline(transaction, {
    organizationId,
    catalogue,
    sources,
    asOf: { instant: to, position },
    days,
  })
}

async function historyOf(
  services: Pick<Services, 'database'>,
  transaction: Transaction,
  organizationId: string,
  position: number,
  assessmentId: string,
): Promise<EventView[]> {
  const stored = await selectEvents(transaction, organizationId, [
    eq(events.streamId, assessmentId),
    lte(events.position, position),
    ne(events.eventType, 'AssessmentEvidenceAttached'),
  ])
  const names = await peopleOf(services, stored)
  return stored.map(event => eventView(event, names))
}
