import { sql } from 'drizzle-orm'
import { drawFrom } from '../../assessments/draw-sample.ts'
import { attachmentsOf } from '../../assessments/visible-assessments.ts'
import { readStream } from '../../ledger/read.ts'
import type { RecordedEvent } from '../../ledger/recorded-event.ts'
import { assessmentJson, isSample } from '../assessment-json.ts'
import { eventLines, leafLines } from '../event-lines.ts'
import { linesFile } from '../json-lines.ts'
import type { Part, PartContext } from '../part.ts'

/** The assessment that an archive is of: its own events with their leaves, wherever they lie, and what they come to. */
export const assessmentPart: Part = {
  name: 'assessment',
  async write(context) {
    const { scope, add } = context
    if (!scope.assessment) return
    const events = await eventsOf(context, scope.assessment)
    const positions = events.map(event => event.position)
    await add(linesFile('assessment/events.jsonl.gz', eventLines(context, { positions })))
    await add(linesFile('assessment/leaves.jsonl.gz', leafLines(context, { positions })))
    await add({
      path: 'assessment/assessment.json',
      content: assessmentJson(events, await drawnKeys(context, events)),
    })
  },
}

/** The events of the assessment and of its samples up to the request, oldest first. */
async function eventsOf(
  { services, scope: { organizationId } }: PartContext,
  { id, position }: { id: string; position: number },
): Promise<RecordedEvent[]> {
  return services.database.withOrganization(organizationId, async transaction => {
    const samples = await transaction.execute<{ id: string }>(sql`
      select s.id from state.sample s
       where s.organization_id = ${organizationId} and s.assessment_id = ${id} and s.from_position <= ${position}
       order by s.from_position`)
    const recorded: RecordedEvent[] = []
    for (const stream of [id, ...samples.map(row => row.id)]) {
      recorded.push(...(await readStream(transaction, organizationId, stream)))
    }
    return recorded
      .filter(event => event.position <= position)
      .sort((one, other) => one.position - other.position)
  })
}

async function drawnKeys(
  { services, scope: { organizationId } }: PartContext,
  events: readonly RecordedEvent[],
): Promise<Map<string, readonly string[] | null>> {
  const drawn = new Map<string, readonly string[] | null>()
  for (const { payload, position } of events.filter(isSample)) {
    const { sampleId, assessmentId, controlId, attachmentId, population: recorded } = payload
    const attachments = await services.database.withOrganization(organizationId, transaction =>
      attachmentsOf(transaction, organizationId, position, assessmentId),
    )
    const attachment = attachments.find(known => known.attachmentId === attachmentId)
    if (!attachment) continue
    const again = await drawFrom(services, { organizationId, controlId, attachment }, payload)
    const isSame = again.population.root === recorded.root
    drawn.set(sampleId, isSame ? again.drawn.map(({ subjectKey }) => subjectKey) : null)
  }
  return drawn
}
