import { alertLines, alertsPath, exceptionLines, exceptionsPath } from '../decision-lines.ts'
import { readFindings } from '../findings.ts'
import type { Part } from '../part.ts'

/** What people accepted, and what they were told of. */
export const decisionsPart: Part = {
  name: 'decisions',
  async write({ services, scope, add, done }) {
    const { exceptions, alerts } = await readFindings(services, scope)
    const told = exceptionLines(exceptions, scope.asOf.instant)
    const raised = alertLines(alerts, scope.period?.from ?? null)
    await add({ path: exceptionsPath, content: told.join('') })
    await add({ path: alertsPath, content: raised.join('') })
    done(told.length + raised.length)
  },
}
