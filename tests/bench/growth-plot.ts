import { escapeHtml } from '../../server/escape-html.ts'
import type { KeptFigures } from './keep.ts'

/** How one row grows: its figures by size, for each side. */
interface Panel {
  name: string
  unit: string
  /** What the sizes count. */
  of: string
  sides: Map<string, { size: number; value: number }[]>
}

const panel = { width: 400, height: 250, left: 64, right: 32, top: 44, bottom: 40 }
const columns = 2
const strokes = [
  { color: '#0f766e', dash: '' },
  { color: '#b45309', dash: '6 4' },
  { color: '#4338ca', dash: '2 3' },
  { color: '#be185d', dash: '9 3 2 3' },
]

/**
 * Every row that was measured at several sizes, a panel each with both axes logarithmic: what grows in step with its size
 * rises at the same slope everywhere, what does not grow is level.
 * @throws {RangeError} where no row was measured at two sizes
 */
export function growthPlot(
  kept: KeptFigures,
  rows: readonly { name: string; size?: { of: string } }[],
): string {
  const panels = rows.flatMap(({ name, size }) => {
    const row = kept.rows[name]
    if (!size || !row) return []
    const sides = sidesOf(row.sizes)
    return sides.size === 0 ? [] : [{ name, unit: row.unit, of: size.of, sides }]
  })
  if (panels.length === 0) {
    throw new RangeError('No row was measured at several sizes yet: npm run bench -- --growth')
  }
  const width = columns * panel.width
  const height = Math.ceil(panels.length / columns) * panel.height
  const drawn = panels.map((each, index) => {
    const x = (index % columns) * panel.width
    const y = Math.floor(index / columns) * panel.height
    return `<g transform="translate(${x} ${y})">\n${drawPanel(each)}\n</g>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#3f3f46" role="img">
<title>How the figures of the bench grow with size: ${panels.map(({ name }) => name).join(', ')}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${drawn.join('\n')}
</svg>
`
}

/** Each side's figures in the order of their sizes; none with fewer than two. */
function sidesOf(sizes: KeptFigures['rows'][string]['sizes']): Panel['sides'] {
  const sides: Panel['sides'] = new Map()
  for (const [size, figures] of Object.entries(sizes)) {
    for (const [side, value] of Object.entries(figures)) {
      // A logarithm has no place for nothing.
      if (value > 0 && Number(size) > 0)
        sides.set(side, [...(sides.get(side) ?? []), { size: Number(size), value }])
    }
  }
  for (const [side, points] of sides) {
    if (points.length < 2) sides.delete(side)
    else points.sort((one, other) => one.size - other.size)
  }
  return sides
}

function drawPanel({ name, unit, of, sides }: Panel): string {
  const points = [...sides.values()].flat()
  const x = scale(
    points.map(({ size }) => size),
    [panel.left, panel.width - panel.right],
  )
  const y = scale(
    points.map(({ value }) => value),
    [panel.height - panel.bottom, panel.top],
  )
  const grid = y.ticks.map(
    tick =>
      `<line x1="${panel.left}" x2="${panel.width - panel.right}" y1="${y.at(tick)}" y2="${y.at(tick)}" stroke="#d4d4d8"/>` +
      `<text x="${panel.left - 6}" y="${y.at(tick) + 4}" text-anchor="end">${whole(tick)}</text>`,
  )
  const sizes = x.ticks.map(
    tick => `<text x="${x.at(tick)}" y="${panel.height - 22}" text-anchor="middle">${whole(tick)}</text>`,
  )
  const lines = [...sides.values()].map((own, index) => {
    const { color, dash } = strokes[index % strokes.length] ?? { color: '#3f3f46', dash: '' }
    const path = own.map(({ size, value }) => `${x.at(size)},${y.at(value)}`)
    return (
      `<polyline points="${path.join(' ')}" fill="none" stroke="${color}" stroke-width="2"${dash && ` stroke-dasharray="${dash}"`}/>` +
      path.map(point => `<circle cx="${point.replace(',', '" cy="')}" r="2.5" fill="${color}"/>`).join('')
    )
  })
  const legend = [...sides.keys()].map((side, index) => {
    const { color, dash } = strokes[index % strokes.length] ?? { color: '#3f3f46', dash: '' }
    const left = panel.left + index * ((panel.width - panel.left - panel.right) / sides.size)
    return (
      `<line x1="${left}" x2="${left + 18}" y1="30" y2="30" stroke="${color}" stroke-width="2"${dash && ` stroke-dasharray="${dash}"`}/>` +
      `<text x="${left + 22}" y="34" font-size="11" fill="${color}">${escapeHtml(side)}</text>`
    )
  })
  return [
    `<text x="${panel.left}" y="18" font-weight="600">${escapeHtml(`${name}, ${unit}`)}</text>`,
    ...legend,
    ...grid,
    ...sizes,
    ...lines,
    `<text x="${(panel.left + panel.width - panel.right) / 2}" y="${panel.height - 5}" text-anchor="middle">${escapeHtml(of)}</text>`,
  ].join('\n')
}

/** A logarithmic axis from the power of ten below the figures to the one above them. */
function scale(figures: readonly number[], [from, to]: [number, number]) {
  const low = Math.floor(Math.log10(Math.min(...figures)) + 1e-9)
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...figures)) - 1e-9))
  const at = (figure: number) =>
    Math.round(10 * (from + ((Math.log10(figure) - low) / (high - low)) * (to - from))) / 10
  return { at, ticks: Array.from({ length: high - low + 1 }, (_, step) => 10 ** (low + step)) }
}

const whole = (figure: number) => figure.toLocaleString('en', { maximumSignificantDigits: 3 })
