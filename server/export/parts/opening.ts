import { eventLines, leafLines } from '../event-lines.ts'
import { linesFile } from '../json-lines.ts'
import { openingPositions } from '../opening-events.ts'
import { openingPopulationLines } from '../opening-populations.ts'
import type { Part } from '../part.ts'

/** What a period begins with: the events its first state rests on, and who and what was in each population. */
export const openingPart: Part = {
  name: 'opening',
  async write(context) {
    const { services, scope, add } = context
    const { organizationId, before, period } = scope
    if (!period) return
    const positions = await services.database.withOrganization(organizationId, transaction =>
      openingPositions(transaction, organizationId, { before, from: period.from }),
    )
    await add(linesFile('opening/events.jsonl.gz', eventLines(context, { positions })))
    await add(linesFile('opening/leaves.jsonl.gz', leafLines(context, { positions })))
    await services.database.withOrganization(organizationId, transaction =>
      add(linesFile('opening/populations.jsonl.gz', openingPopulationLines(transaction, scope))),
    )
  },
}
