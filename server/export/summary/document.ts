import { productName } from '../../product.ts'
import { nameOf } from '../archive-scope.ts'
import type { SealedLog } from '../sealed-log.ts'
import { controlsSection } from './controls.ts'
import { coverageSection } from './coverage.ts'
import { decisionsSection } from './decisions.ts'
import { evidenceSection } from './evidence.ts'
import { type Html, html } from './html.ts'
import { provenanceSection, verificationSection } from './provenance.ts'
import type { SummaryData } from './read-summary.ts'
import { style } from './style.ts'
import { instantWords } from './words.ts'

/** The archive for reading and for paper: one HTML file that needs nothing else. */
export function summaryDocument(data: SummaryData, log: SealedLog): string {
  const { scope } = data.findings
  const title = `Access-control evidence of ${nameOf(scope)}`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="lead">${coveredWords(data)}</p>
${scope.isSimulated ? simulatedNote : null}
</header>
<main>
${coverageSection(data)}
${controlsSection(data)}
${decisionsSection(data)}
${evidenceSection(data)}
${provenanceSection(data, log)}
${verificationSection}
</main>
<footer>Made by ${productName}. The figures here follow from the events and the evidence in the same archive; the manifest binds this page to them.</footer>
</body>
</html>
`.text
}

function coveredWords({ findings: { scope } }: SummaryData): string {
  const { period, asOf } = scope
  return period
    ? `The period from ${instantWords(period.from)} to ${instantWords(period.to)}, as it was known at its end.`
    : `Everything that was recorded up to ${instantWords(asOf.instant)}.`
}

const simulatedNote: Html = html`<p class="simulated">Simulated clock: this organization’s history was played. It is no record of real time.</p>`
