import type { ControlState } from '../../domain/coverage/control-timeline.ts'
import type { TimeTick } from '../../domain/plots/axis.ts'
import type { CoveragePlot } from '../../domain/plots/coverage-plot.ts'
import type { VerdictTimeline } from '../../domain/plots/verdict-timeline.ts'
import { type Html, html } from './html.ts'
import { stateWords } from './words.ts'

/** Room for half a line of text above the topmost grid line. */
const top = 8

/** Coverage over time as steps, outages as bands. x stretches with the paper, text and lines do not. */
export function coverageSvg(plot: CoveragePlot): Html {
  const { height, gridLines, outages, end, ticks } = plot
  return html`<div class="plot"><svg class="scale" width="30" height="${height + 30}" aria-hidden="true">${gridLines.map(
    line => html`<text x="24" y="${line.y + top + 4}" text-anchor="end">${line.label}</text>`,
  )}</svg><svg class="area" role="img" aria-label="Coverage over time, in percent" height="${height + 30}"><svg y="${top}" width="100%" height="${height}" overflow="visible">${gridLines.map(
    line => html`<line class="grid" x1="0" x2="100%" y1="${line.y}" y2="${line.y}"/>`,
  )}${outages.map(
    band => html`<rect class="outage" x="${band.x}%" width="${band.width}%" y="0" height="${height}"/>`,
  )}<svg viewBox="0 0 100 ${height}" preserveAspectRatio="none" width="100%" height="${height}"><path class="filled" d="${plot.area}"/><path class="curve" vector-effect="non-scaling-stroke" d="${plot.line}"/></svg>${outages.map(
    band =>
      band.isLabelled
        ? html`<text class="outage-label" x="${band.labelX}%" y="12" text-anchor="${band.anchor}">${band.label}</text>`
        : html``,
  )}${end ? html`<circle class="end" cx="${end.x}%" cy="${end.y}" r="4"/>` : null}</svg>${ticksOf(ticks, height + top + 18)}</svg></div>`
}

/** A control's verdicts over time as one bar; the words stand beside it. */
export const verdictBar = ({ segments }: VerdictTimeline<ControlState>): Html =>
  html`<svg class="bar" height="8" role="img" aria-label="${segments
    .map(({ state, from }) => `${stateWords(state)} from ${from.toISOString().slice(0, 16)}`)
    .join(', ')}">${segments.map(
    ({ x, width, state }) => html`<rect class="${state}" x="${x}%" width="${width}%" height="8"/>`,
  )}</svg>`

/** Status by shape as well as by colour: paper is often grey, and no font is sure to have the signs. */
export const stateMark = (state: ControlState | 'none'): Html =>
  html`<svg class="mark" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><path d="${marks[state]}"/></svg>`

const clock = 'M6 1.2a4.8 4.8 0 1 0 0 9.6a4.8 4.8 0 1 0 0-9.6M6 3.4V6l1.8 1.2'
const marks: Record<ControlState | 'none', string> = {
  pass: 'M1.5 6.5l3 3l6-7',
  stale: clock,
  expired: clock,
  fail: 'M2 2l8 8M10 2l-8 8',
  not_testable: 'M3.6 3.6a2.4 2.4 0 1 1 3.3 2.2c-.6.3-.9.7-.9 1.5M6 9.6v.4',
  no_data: 'M2 6h8',
  none: 'M2 6h8',
}

const ticksOf = (ticks: readonly TimeTick[], y: number): Html[] =>
  ticks.map(tick => html`<text x="${tick.x}%" y="${y}" text-anchor="${tick.anchor}">${tick.label}</text>`)
