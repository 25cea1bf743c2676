import { type CoverageParts, coverageParts } from '../../domain/coverage/coverage.ts'
import { type Html, html } from './html.ts'
import { coverageSvg } from './plots.ts'
import type { SummaryData } from './read-summary.ts'
import { instantWords } from './words.ts'

/** How much fresh evidence carries, and what that is made of: never one number alone. */
export function coverageSection({ findings, plot }: SummaryData): Html {
  const { coverage, catalogue } = findings.known
  const total = coverage.controls.length
  const present = coverageParts.filter(part => coverage.parts[part] > 0)
  return html`<section>
<h2>Coverage</h2>
<p class="figure"><strong>${coverage.percent}\u2009%</strong> <span class="quiet">at ${instantWords(findings.scope.asOf.instant)}, over ${total} controls of version ${catalogue.version} of the catalogue</span></p>
<div class="parts" aria-hidden="true">${present.map(
    part =>
      html`<span class="${looks[part]}" style="width: ${(100 * coverage.parts[part]) / total}%"></span>`,
  )}</div>
<table>
<thead><tr><th>Controls that</th><th class="number narrow">Count</th><th class="number narrow">Each counts</th></tr></thead>
<tbody>${coverageParts.map(
    part =>
      html`<tr><td>${words[part]}</td><td class="number">${coverage.parts[part]}</td><td class="number">${counts[part] ?? '0'}</td></tr>`,
  )}</tbody>
</table>
${coverageSvg(plot)}
<p class="quiet">Coverage in percent over time. It falls by itself where evidence ages. Shaded: stretches in which something that was due did not come. The exact steps are in coverage.csv.</p>
</section>`
}

const words: Record<keyof CoverageParts, string> = {
  passFresh: 'pass on fresh evidence',
  passStale: 'pass on stale evidence',
  passExpired: 'passed on evidence that has expired',
  fail: 'fail',
  notTestable: 'cannot be tested',
  noData: 'have no data',
}

const counts: Partial<Record<keyof CoverageParts, string>> = { passFresh: '1', passStale: '½' }

const looks: Record<keyof CoverageParts, string> = {
  passFresh: 'pass',
  passStale: 'stale',
  passExpired: 'expired',
  fail: 'fail',
  notTestable: 'not_testable',
  noData: 'no_data',
}
