import { readFindings } from '../findings.ts'
import { assessmentResults } from '../oscal/assessment-results.ts'
import type { Part } from '../part.ts'

/** What the controls say, for tools that read OSCAL. */
export const oscalPart: Part = {
  name: 'oscal',
  async write({ services, scope, add }) {
    const document = assessmentResults(await readFindings(services, scope))
    await add({ path: 'oscal/assessment-results.json', content: `${JSON.stringify(document, null, 2)}\n` })
  },
}
