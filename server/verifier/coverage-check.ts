import { counted } from '../domain/control/words-reasons.ts'
import { type CoverageRow, coverageCsvHead, coverageCsvRow } from '../export/coverage-csv.ts'
import { coverageJson } from '../export/coverage-json.ts'
import { alertLines, alertsPath, exceptionLines, exceptionsPath } from '../export/decision-lines.ts'
import { exceptionRisks } from '../export/oscal/risks.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { checkAssessmentResults } from './check-documents.ts'
import type { Container } from './container.ts'
import { CoverageWalk } from './coverage-walk.ts'
import { ExpectedText } from './expected-text.ts'
import type { LedgerState } from './ledger-state.ts'
import type { Manifest } from './manifest.ts'
import type { CoverageAnswer } from './report.ts'

export interface CoverageInput {
  readonly container: Container
  readonly manifest: Manifest
  /** Instants at which coverage is asked for: milliseconds. */
  readonly instants: readonly number[]
}

/** Holds what the archive says of coverage to what the events lead to, row by row as they come. */
export class CoverageCheck {
  readonly #input: CoverageInput
  readonly #walk: CoverageWalk
  readonly #state: LedgerState
  #text: ExpectedText | null = null
  #rows = 0

  constructor(input: CoverageInput, state: LedgerState) {
    this.#input = input
    this.#state = state
    this.#walk = new CoverageWalk(state, row => this.#expect(row))
  }

  /** Coverage at each asked instant, in the order of time; without it where the archive does not reach. */
  get answers(): CoverageAnswer[] {
    const answers = new Map(this.#walk.answers.map(answer => [answer.at.getTime(), answer]))
    return [...this.#input.instants]
      .sort((one, other) => one - other)
      .map(instant => ({ at: new Date(instant).toISOString(), coverage: answers.get(instant) ?? null }))
  }

  /** After the events from before the scope: a period begins with its own beginning, anything else with the first event. */
  begin(): void {
    const { scope, firstPosition } = this.#input.manifest
    if (scope.kind === 'period' && firstPosition > 0) this.#beginAt(new Date(scope.from))
  }

  /** Before an event is applied. @returns whether it may change something */
  before(event: RecordedEvent): boolean {
    return this.#walk.before(event)
  }

  /** Once an event that may change something was applied. */
  after(event: RecordedEvent): void {
    if (this.#text) this.#walk.after(event)
    else this.#beginAt(event.recordedAt)
  }

  /** After the last event. @returns what was checked */
  finish(): string {
    const { asOf } = this.#input.manifest
    this.#walk.finish(new Date(asOf.instant), asOf.position)
    this.#text?.finish()
    return `${counted(this.#rows, ['row', 'rows'])} of coverage over time, from the events alone`
  }

  /** What is told of the end. @returns what was checked */
  checkDocuments(): string {
    const { container, manifest } = this.#input
    const asOf = { instant: new Date(manifest.asOf.instant), position: manifest.asOf.position }
    const { coverage, catalogueVersion } = this.#walk.coverageAt(asOf.instant)
    const text = new ExpectedText(container, 'coverage.json')
    text.expect(coverageJson(coverage, { asOf, catalogueVersion, isSimulated: manifest.simulated }))
    text.finish()
    const exceptions = this.#state.rows('exception')
    const { controls } = checkAssessmentResults(container, coverage, exceptionRisks(exceptions, asOf.instant))
    const told = this.#holdLines(exceptionsPath, exceptionLines(exceptions, asOf.instant))
    const { scope } = manifest
    const from = scope.kind === 'period' ? new Date(scope.from) : null
    const raised = this.#holdLines(alertsPath, alertLines(this.#state.rows('alert'), from))
    return `coverage at the end, ${counted(told, ['exception', 'exceptions'])}, ${counted(raised, ['alert', 'alerts'])}, and OSCAL’s word on ${counted(controls, ['control', 'controls'])}; summary and README are bound by the manifest`
  }

  #holdLines(path: string, lines: readonly string[]): number {
    const text = new ExpectedText(this.#input.container, path)
    for (const line of lines) text.expect(line)
    text.finish()
    return lines.length
  }

  #beginAt(at: Date): void {
    const { container, manifest, instants } = this.#input
    const { scope, asOf, organization, simulated, firstPosition } = manifest
    this.#text = new ExpectedText(container, 'coverage.csv')
    const head = coverageCsvHead({
      organizationName: organization.name,
      isSimulated: simulated,
      period: scope.kind === 'period' ? { from: new Date(scope.from), to: new Date(scope.to) } : null,
      asOf: { instant: new Date(asOf.instant), position: asOf.position },
    })
    for (const line of head.split(/(?<=\n)/)) this.#text.expect(line)
    const within = instants.filter(instant => instant >= at.getTime() && instant <= Date.parse(asOf.instant))
    this.#walk.begin(at, { firstPosition, asked: within.sort((one, other) => one - other) })
  }

  #expect(row: CoverageRow): void {
    this.#text?.expect(coverageCsvRow(row))
    this.#rows += 1
  }
}
