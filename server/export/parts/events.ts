import { eventLines, leafLines } from '../event-lines.ts'
import { linesFiles } from '../json-lines.ts'
import type { Part } from '../part.ts'

/** The events in scope, and the leaf of each, line for line. */
export const eventsPart: Part = {
  name: 'events',
  async write(context) {
    const { before, asOf } = context.scope
    const range = { after: before, upTo: asOf.position }
    for await (const file of linesFiles('events', eventLines(context, range))) await context.add(file)
    for await (const file of linesFiles('leaves', leafLines(context, range))) await context.add(file)
  },
}
