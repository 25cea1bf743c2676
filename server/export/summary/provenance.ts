import type { SealedLog } from '../sealed-log.ts'
import { type Html, html } from './html.ts'
import type { SummaryData } from './read-summary.ts'
import { numberWords } from './words.ts'

/** Where this comes from: what somebody needs to hold it against the ledger. */
export function provenanceSection({ findings: { scope } }: SummaryData, log: SealedLog): Html {
  const { organizationName, organizationId, period, asOf, before, createdAt } = scope
  const rows: [string, Html | string][] = [
    ['Organization', `${organizationName}${scope.isSimulated ? ' (simulated clock)' : ''}`],
    ['Organization id', html`<code>${organizationId}</code>`],
    ...(period
      ? [['Period', `${period.from.toISOString()} to ${period.to.toISOString()}`] satisfies [string, string]]
      : []),
    ['As of', `${asOf.instant.toISOString()}, ledger position ${numberWords(asOf.position)}`],
    ['Events in scope', numberWords(asOf.position - before)],
    ['Asked for', createdAt.toISOString()],
    ['Log', html`<code>${log.origin}</code>`],
    ['Checkpoint', `the first ${numberWords(log.size)} events`],
    ['Root hash', html`<code>${Buffer.from(log.root).toString('base64')}</code>`],
    ['Keys of the log', html`<code>${log.keys.map(key => key.keyId).join(', ')}</code>`],
  ]
  return html`<section>
<h2>Where this comes from</h2>
<dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
</section>`
}

export const verificationSection: Html = html`<section>
<h2>How to verify it</h2>
<p>The archive holds its own verifier: one file, plain Node.js, no network. Take it out, compare its SHA-256 with the published one, and run it with a key that you were given by other ways than this archive.</p>
<pre>unzip -p ARCHIVE.zip verify.mjs &gt; verify.mjs
node verify.mjs ARCHIVE.zip</pre>
<p>It hashes every event again, holds the log to its signed checkpoint and to an older one that you kept, computes every population’s fingerprint and the coverage over time anew, and says in plain words what holds and what does not. README.txt in the archive has the details.</p>
</section>`
