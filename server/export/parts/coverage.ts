import { type PlacedStep, readSteps } from '../../coverage/read-steps.ts'
import { coverageCsvHead, coverageCsvRow } from '../coverage-csv.ts'
import { coverageJson } from '../coverage-json.ts'
import { type Findings, readFindings } from '../findings.ts'
import type { Part, PartContext } from '../part.ts'

/** Coverage over time, and at the end with its parts, controls and reasons. */
export const coveragePart: Part = {
  name: 'coverage',
  async write(context) {
    const { services, scope, add } = context
    const findings = await readFindings(services, scope)
    const { coverage, catalogue } = findings.known
    await add({ path: 'coverage.csv', content: overTime(context, findings) })
    await add({
      path: 'coverage.json',
      content: coverageJson(coverage, { ...scope, catalogueVersion: catalogue.version }),
    })
  },
}

/** A row at the beginning, at every change and at the end. */
async function* overTime(
  { services, scope }: PartContext,
  { known, from }: Findings,
): AsyncGenerator<Buffer> {
  const { organizationId, asOf } = scope
  yield Buffer.from(coverageCsvHead(scope))
  const steps = readSteps(services.database, {
    organizationId,
    sources: known.sources,
    position: asOf.position,
    from,
    to: asOf.instant,
  })
  let last: PlacedStep | null = null
  for await (const step of steps) {
    yield Buffer.from(coverageCsvRow(step))
    last = step
  }
  if (last && last.at < asOf.instant) {
    yield Buffer.from(coverageCsvRow({ ...last, at: asOf.instant, position: asOf.position }))
  }
}
