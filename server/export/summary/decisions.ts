import { alertWords, resolutionWords } from '../../domain/alert/words.ts'
import { type ExceptionState, exceptionsAt } from '../../domain/exception/exceptions-at.ts'
import type { AlertRow, ExceptionRow } from '../../projections/fold/rows.ts'
import { alertsOfScope } from '../decision-lines.ts'
import { type Html, html } from './html.ts'
import type { SummaryData } from './read-summary.ts'
import { instantWords } from './words.ts'

/** What people accepted as exceptions, and what alerts they were told of. */
export function decisionsSection(data: SummaryData): Html {
  return html`<section>
<h2>Exceptions</h2>
${exceptionTable(data)}
</section>
<section>
<h2>Alerts</h2>
${alertTable(data)}
</section>`
}

function exceptionTable({ findings, nameOf }: SummaryData): Html {
  const { exceptions, scope } = findings
  if (exceptions.length === 0) return html`<p>No exception was ever asked for.</p>`
  const rows = exceptionsAt(exceptions, scope.asOf.instant).toSorted(
    (one, other) => one.requestedAt.getTime() - other.requestedAt.getTime(),
  )
  return html`<table>
<thead><tr><th class="narrow">Control</th><th>What is left out, and why</th><th class="narrow">Standing</th></tr></thead>
<tbody>${rows.map(
    row =>
      html`<tr><td class="narrow">${row.controlId}</td><td>${subjectWords(row, nameOf)}<span class="reason">“${row.reason}”</span>${
        row.decisionReason === null
          ? null
          : html`<span class="reason">Decision: “${row.decisionReason}”</span>`
      }</td><td class="narrow">${standingWords(row)}<span class="reason">asked for ${instantWords(row.requestedAt)}${
        row.decidedAt === null ? null : `, decided ${instantWords(row.decidedAt)}`
      }</span></td></tr>`,
  )}</tbody>
</table>`
}

type Standing = ExceptionRow & { readonly state: ExceptionState }

const subjectWords = ({ subjectKind, subjectId }: ExceptionRow, nameOf: (id: string) => string) =>
  `${subjectKind.replaceAll('_', ' ')} ${nameOf(subjectId)}`

function standingWords({ state, expiresAt }: Standing): string {
  switch (state) {
    case 'in_force':
      return `Counts until ${instantWords(expiresAt)}`
    case 'expired':
      return `Expired ${instantWords(expiresAt)}`
    case 'waiting':
      return 'Waits for a second person'
    case 'rejected':
      return 'Rejected'
    case 'withdrawn':
      return 'Withdrawn'
  }
}

function alertTable({ findings }: SummaryData): Html {
  const { scope, alerts } = findings
  const rows = alertsOfScope(alerts, scope.period?.from ?? null).toSorted(
    (one, other) => one.raisedAt.getTime() - other.raisedAt.getTime(),
  )
  if (rows.length === 0) return html`<p>No alert was open.</p>`
  return html`<table>
<thead><tr><th>What people were told of</th><th class="narrow">Since</th><th class="narrow">Until</th></tr></thead>
<tbody>${rows.map(
    row =>
      html`<tr><td>${alertWords(row.cause, labelOf(row, findings)).title}${
        row.reminders === 0 ? null : html`<span class="reason">Reminders: ${row.reminders}</span>`
      }</td><td class="narrow">${instantWords(row.since)}</td><td class="narrow">${
        row.resolvedAt === null
          ? 'Open'
          : html`${instantWords(row.resolvedAt)}<span class="reason">${row.because === null ? '' : resolutionWords[row.because]}</span>`
      }</td></tr>`,
  )}</tbody>
</table>`
}

/** What the directory is called that an alert is about. */
function labelOf({ cause }: AlertRow, { labels, evidence }: SummaryData['findings']): string {
  if (!('connectionId' in cause)) return ''
  const sourceId =
    'sourceId' in cause
      ? cause.sourceId
      : evidence.find(source => source.connectionId === cause.connectionId)?.sourceId
  return labels.get(sourceId ?? '') ?? 'A directory'
}
