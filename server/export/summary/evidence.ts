import type { SourceEvidence } from '../../evidence/queries/list-evidence.ts'
import { type Html, html } from './html.ts'
import type { SummaryData } from './read-summary.ts'
import { instantWords, numberWords } from './words.ts'

/** What was held of each directory, how old it was, and the fingerprints that prove who was in it. */
export function evidenceSection({ findings }: SummaryData): Html {
  const { evidence, labels } = findings
  return html`<section>
<h2>Evidence</h2>
${evidence.length === 0 ? html`<p>No directory was connected: there is no evidence.</p>` : null}
${evidence.map(source => sourceTable(source, labels.get(source.sourceId) ?? source.externalTenantId))}
</section>`
}

const sourceTable = (
  source: SourceEvidence,
  label: string,
): Html => html`<h3>${source.connectorName}: ${label}</h3>
<p class="quiet">Directory ${source.externalTenantId}, connected ${instantWords(source.connectedAt)}${source.status === 'revoked' ? ', revoked since' : ''}.</p>
<table>
<thead><tr><th>Kind, with the fingerprint of who and what was in it</th><th class="number narrow">Items</th><th class="narrow">Last collected or found the same</th></tr></thead>
<tbody>${source.kinds.map(
  kind =>
    html`<tr><td>${kind.title}${kind.evidence ? html`<code class="fingerprint">${kind.evidence.fingerprint}</code>` : null}</td><td class="number">${kind.evidence ? numberWords(kind.populationCount) : 'none'}</td><td class="narrow">${instantWords(kind.lastSuccessAt)}<span class="reason">${kind.unavailable ? kind.unavailable.title : agesWords(kind)}</span></td></tr>`,
)}</tbody>
</table>`

function agesWords({ freshness, staleAt, expiredAt }: SourceEvidence['kinds'][number]): string {
  if (!staleAt || !expiredAt) return 'never collected'
  if (freshness === 'fresh') return `fresh, stale after ${instantWords(staleAt)}`
  return freshness === 'stale'
    ? `stale since ${instantWords(staleAt)}`
    : `expired since ${instantWords(expiredAt)}`
}
