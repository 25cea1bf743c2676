import type { Part } from '../part.ts'
import { summaryDocument } from '../summary/document.ts'
import { readSummary } from '../summary/read-summary.ts'

/** The archive for people: on a screen and on paper. */
export const summaryPart: Part = {
  name: 'summary',
  async write({ services, scope, log, add }) {
    await add({ path: 'summary.html', content: summaryDocument(await readSummary(services, scope), log) })
  },
}
