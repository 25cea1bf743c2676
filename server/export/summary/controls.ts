import type { ControlDefinition } from '../../domain/control/definition.ts'
import { explainReason, verdictWords } from '../../domain/control/words.ts'
import { controlState } from '../../domain/coverage/control-timeline.ts'
import type { ControlCoverage } from '../../domain/coverage/coverage.ts'
import { type Html, html } from './html.ts'
import { stateMark, verdictBar } from './plots.ts'
import type { SummaryData } from './read-summary.ts'
import { stateWords } from './words.ts'

/** Every control under the first of its criteria, with its verdict and what made it. */
export function controlsSection(data: SummaryData): Html {
  const { catalogue } = data.findings.known
  return html`<section>
<h2>Controls</h2>
${catalogue.criteria.map(({ id, name }) => {
  const controls = catalogue.controls.filter(control => control.criteria[0] === id)
  const waiting = catalogue.waiting.filter(control => control.criteria[0] === id)
  if (controls.length + waiting.length === 0) return html``
  return html`<h3>${id} ${name}</h3>
<table>
<thead><tr><th class="narrow">Control</th><th>What it asks, and what was found</th><th class="narrow">Verdict</th></tr></thead>
<tbody>${controls.map(control => controlRow(data, control))}${waiting.map(
    control =>
      html`<tr><td class="narrow">${control.id}</td><td>${control.title}<span class="reason">Needs another source: ${control.needs}</span></td><td><span class="state none">${stateMark('none')} Not judged</span></td></tr>`,
  )}</tbody>
</table>`
})}
</section>`
}

function controlRow(data: SummaryData, control: ControlDefinition): Html {
  const judged = data.findings.known.coverage.controls.find(each => each.controlId === control.id)
  const timeline = data.timelines.get(control.id)
  if (!judged) return html``
  return html`<tr><td class="narrow">${control.id}</td><td>${control.title}${reasonsOf(data, judged)}${timeline ? verdictBar(timeline) : null}</td><td class="narrow">${verdictCell(judged)}</td></tr>`
}

function verdictCell(judged: ControlCoverage): Html {
  const state = controlState(judged)
  const words = judged.verdict === 'pass' ? stateWords(state) : verdictWords(judged.verdict, judged.reasons)
  return html`<span class="state ${state}">${stateMark(state)} ${words}</span>`
}

function reasonsOf({ findings, nameOf }: SummaryData, { reasons }: ControlCoverage): Html[] {
  const isOneOfSeveral = findings.known.sources.length > 1
  return reasons.map(reason => {
    const where =
      isOneOfSeveral && reason.sourceId ? `${findings.labels.get(reason.sourceId) ?? reason.sourceId}: ` : ''
    return html`<span class="reason">${where}${explainReason(reason, nameOf).text}</span>`
  })
}
