import { Html } from './html.ts'

/** The product's light colours, for screen and paper. The file stands alone: no font, script or address of anywhere else. */
export const style = new Html(`
:root { color-scheme: light; --ink: #1b1d1f; --ink-2: #555a5e; --ink-3: #62676c; --line: #e4e3dc; --line-strong: #cfcdc3;
  --sunken: #f3f3ef; --accent: #0f5c63; --pass: #1d6f4a; --stale: #855600; --fail: #ac2b2b; --unknown: #5b5675;
  --none: #d9d8d1; --past: #4b3f9e; --past-soft: #ecebfa; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2.5rem 1.5rem 4rem; background: #fff; color: var(--ink);
  font: 14px/1.5 ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; letter-spacing: -0.01em; margin: 0 0 0.25rem; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 0.75rem; padding-top: 0.75rem; border-top: 2px solid var(--ink); }
h3 { font-size: 0.95rem; margin: 1.25rem 0 0.25rem; }
p { margin: 0.4rem 0; max-width: 46rem; }
.lead, .quiet, caption { color: var(--ink-2); }
.simulated { margin: 1rem 0; padding: 0.6rem 0.9rem; border: 1px solid var(--past); border-radius: 6px;
  background: var(--past-soft); color: var(--past); font-weight: 600; }
dl { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 0.2rem 1rem; margin: 1rem 0; }
dt { color: var(--ink-3); }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: 0.86em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { margin: 0.5rem 0; padding: 0.7rem 0.9rem; border: 1px solid var(--line); border-radius: 6px; background: var(--sunken);
  white-space: pre-wrap; overflow-wrap: anywhere; }
.figure { display: flex; align-items: baseline; gap: 0.75rem; }
.figure strong { white-space: nowrap; font-size: 2.6rem; line-height: 1; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.parts { display: flex; height: 12px; margin: 0.9rem 0 0.6rem; border-radius: 3px; overflow: hidden; }
.parts span { display: block; }
table { width: 100%; border-collapse: collapse; margin: 0.5rem 0 1rem; }
caption { text-align: start; padding-bottom: 0.35rem; }
th { text-align: start; font-size: 0.8rem; color: var(--ink-3); font-weight: 600; padding: 0.25rem 0.75rem 0.25rem 0; }
td { vertical-align: top; padding: 0.4rem 0.75rem 0.4rem 0; border-top: 1px solid var(--line); }
td.number, th.number { text-align: end; font-variant-numeric: tabular-nums; }
.narrow { width: 1%; white-space: nowrap; }
.reason { display: block; color: var(--ink-2); }
.state { font-weight: 600; white-space: nowrap; }
.mark { vertical-align: -1px; margin-inline-end: 2px; } .mark path { fill: none; stroke: currentColor; stroke-width: 1.8; }
.state.pass { color: var(--pass); } .state.stale, .state.expired { color: var(--stale); } .state.fail { color: var(--fail); }
.state.not_testable { color: var(--unknown); } .state.no_data, .state.none { color: var(--ink-3); }
svg text { font-size: 11px; fill: var(--ink-3); }
.plot { display: flex; margin: 1rem 0 0.5rem; }
.plot .scale { flex: none; } .plot .area { flex: 1; min-width: 0; margin-inline-end: 6px; overflow: visible; }
.grid { stroke: var(--line); } .outage { fill: var(--fail); opacity: 0.12; } svg text.outage-label { fill: var(--fail); }
.filled { fill: var(--accent); opacity: 0.09; } .curve { fill: none; stroke: var(--accent); stroke-width: 2; }
.end { fill: var(--accent); stroke: #fff; stroke-width: 2; }
.fingerprint { display: block; color: var(--ink-3); font-size: 0.78em; }
.bar { display: block; width: 100%; min-width: 8rem; margin-top: 0.4rem; }
rect.pass, .parts .pass { fill: var(--pass); background: var(--pass); }
rect.stale, .parts .stale { fill: #d9a441; background: #d9a441; }
rect.expired, .parts .expired { fill: #b9b29a; background: #b9b29a; }
rect.fail, .parts .fail { fill: var(--fail); background: var(--fail); }
rect.not_testable, .parts .not_testable { fill: #a7a2c4; background: #a7a2c4; }
rect.no_data, rect.none, .parts .no_data { fill: var(--none); background: var(--none); }
footer { margin-top: 2.5rem; padding-top: 0.75rem; border-top: 1px solid var(--line-strong); color: var(--ink-3); font-size: 0.85rem; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dt { margin-top: 0.4rem; }
  td.narrow { white-space: normal; } .bar { min-width: 0; } }
@page { size: A4; margin: 16mm 15mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2, h3, caption { break-after: avoid; }
  tr, .plot, pre, dl { break-inside: avoid; }
  thead { display: table-header-group; }
}
`)
