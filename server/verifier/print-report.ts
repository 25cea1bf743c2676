import { coverageParts } from '../domain/coverage/coverage.ts'
import { placeWords } from './finding.ts'
import type { Manifest } from './manifest.ts'
import { type CoverageAnswer, exitCodeOf, type Report, type StepResult, stepTitles } from './report.ts'

/** The report as a person reads it. */
export function reportText(file: string, report: Report): string {
  const { manifest, steps, answers, notices } = report
  return [
    ...(manifest ? [`${file}: ${archiveWords(manifest)}`] : [file]),
    '',
    ...steps.map(stepLine),
    '',
    ...answers.flatMap(answerLines),
    ...notices.flatMap(notice => [`Note: ${notice}`, '']),
    conclusion(report),
    '',
  ].join('\n')
}

/** The report for programs. */
export const reportJson = (report: Report): string =>
  `${JSON.stringify({ result: resultNames[exitCodeOf(report)], ...report }, null, 2)}\n`

const resultNames = { 0: 'holds', 1: 'fails', 2: 'unchecked' } as const

const statusWords = { holds: 'holds', fails: 'DOES NOT HOLD', unchecked: 'not checked' } as const
const statusWidth = 15
const titleWidth = Math.max(...Object.values(stepTitles).map(title => title.length)) + 2

function stepLine({ step, status, words, place }: StepResult): string {
  const where = placeWords(place)
  const what = where === '' ? words : `${where}: ${words}`
  return `${statusWords[status].padEnd(statusWidth)}${stepTitles[step].padEnd(titleWidth)}${what}`
}

function archiveWords({ organization, scope, asOf, simulated }: Manifest): string {
  const covered =
    scope.kind === 'period' ? `from ${scope.from} to ${scope.to}` : `everything up to ${asOf.instant}`
  const clock = simulated ? ' (simulated clock)' : ''
  return `${organization.name}${clock}, ${covered}, ledger position ${asOf.position}`
}

function answerLines({ at, coverage }: CoverageAnswer): string[] {
  if (!coverage) return [`Coverage at ${at}: not told, the archive does not reach that instant.`, '']
  const parts = coverageParts.map(part => `${coverage.parts[part]} ${partWords[part]}`).join(', ')
  return [
    `Coverage at ${at}: ${coverage.percent} % (${parts})`,
    ...coverage.controls.map(
      ({ controlId, verdict, freshness }) =>
        `  ${controlId}  ${verdict.replaceAll('_', ' ')}, evidence ${freshness}`,
    ),
    '',
  ]
}

const partWords: Readonly<Record<(typeof coverageParts)[number], string>> = {
  passFresh: 'pass and fresh',
  passStale: 'pass and stale',
  passExpired: 'pass and expired',
  fail: 'fail',
  notTestable: 'not testable',
  noData: 'no data',
}

function conclusion(report: Report): string {
  const { steps, origin } = report
  const failed = steps.find(({ status }) => status === 'fails')
  if (failed) {
    return `The archive does not hold. The first thing that does not: ${stepTitles[failed.step]}.
Keep this file as it is, and ask whoever gave it to you for another copy: if that one holds, this copy was altered.`
  }
  const unchecked = steps.find(({ status }) => status === 'unchecked')
  if (unchecked)
    return `Not everything could be checked. The first thing that could not: ${stepTitles[unchecked.step]}.`
  return origin === 'checked'
    ? 'Everything holds, and it was signed by the key that you gave.'
    : 'Everything holds together. Who signed it was not checked: no key was given.'
}
