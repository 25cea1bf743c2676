import { cpus, loadavg } from 'node:os'
import type { Bench, Comparison } from './bench.ts'
import { type Figures, judge, median, type Result } from './figures.ts'

/** What the figures were taken on: a line before the first of them. */
export const machineLine = (): string =>
  `Node ${process.versions.node}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}. ` +
  'Compare ratios; the figures themselves are this machine’s at this moment.\n'

/** A bench's sides and verdicts, for people. */
export function resultText(bench: Bench, figures: Figures): string {
  const results = judge(bench, figures)
  const lines = sidesOf(bench, figures).map(side => {
    const own = figures[side] ?? []
    const range = `${short(Math.min(...own))}–${short(Math.max(...own))}`
    const verdict = results.find(result => result.against === side)
    const figure = `${short(median(own))} ${bench.unit}`
    return [side, figure, range, verdict ? verdictText(bench, verdict) : '']
  })
  const limits = results
    .filter(result => result.against === null && result.goal !== null)
    .map(result => `  ${verdictText(bench, result)}`)
  return [`${bench.name}: ${bench.measures}`, ...aligned(lines), ...limits, ''].join('\n')
}

/** A verdict as a JSON line, on request with the side that it was compared with. */
export function resultLine({ against: side, ...result }: Result, { against }: { against: boolean }): string {
  return JSON.stringify(against ? { ...result, against: side } : result)
}

/** How a bench's sides grow, for people: a Markdown table. */
export function growthText(bench: Bench, rows: readonly { size: number; figures: Figures }[]): string {
  const { subject, unit } = bench
  const baselines = bench.comparisons.flatMap(({ baseline }) => baseline ?? [])
  const others = sidesOf(bench, rows[0]?.figures ?? {}).filter(side => side !== subject)
  const head = [
    bench.size?.of ?? '',
    ...[subject, ...others].map(side => `${side}, ${unit}`),
    ...baselines.map(side => `ratio to ${side}`),
  ]
  const body = rows.map(({ size, figures }) => {
    const ratios = judge(bench, figures).flatMap(({ ratio }) => (ratio === null ? [] : ratio.toFixed(2)))
    return [whole(size), ...[subject, ...others].map(side => short(median(figures[side] ?? []))), ...ratios]
  })
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'))
  return [head, rule, ...body]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n')
    .concat('\n')
}

/** A growth table's figures as JSON lines: one a size and side. */
export const growthLines = (bench: Bench, size: number, figures: Figures): string[] =>
  Object.entries(figures).map(([side, own]) =>
    JSON.stringify({
      bench: bench.name,
      of: bench.size?.of,
      size,
      side,
      value: median(own),
      unit: bench.unit,
    }),
  )

/** The subject first. */
const sidesOf = ({ subject }: Bench, figures: Figures) => [
  subject,
  ...Object.keys(figures).filter(side => side !== subject),
]

function verdictText(bench: Bench, { against, ratio, goal, ok }: Result): string {
  const comparison = bench.comparisons.find(({ baseline }) => baseline === against)
  const measured = ratio === null ? '' : `ratio ${ratio.toFixed(2)}, `
  const limit = ratio === null ? `${short(goal ?? 0)} ${bench.unit}` : `${goal} ×`
  return `${measured}goal ${comparison ? signs[comparison.direction] : ''} ${limit}: ${ok ? 'holds' : 'MISSED'}`
}

const signs: Record<Comparison['direction'], string> = {
  'at most': '≤',
  'at least': '≥',
  'times faster': '≥',
}

function aligned(lines: readonly string[][]): string[] {
  const width = (column: number) => Math.max(...lines.map(cells => cells[column]?.length ?? 0))
  return lines.map(([side = '', figure = '', range = '', verdict = '']) =>
    `  ${side.padEnd(width(0))}  ${figure.padStart(width(1))}  ${range.padEnd(width(2))}  ${verdict}`.trimEnd(),
  )
}

const short = (figure: number) => figure.toLocaleString('en', { maximumSignificantDigits: 3 })
const whole = (size: number) => size.toLocaleString('en')
