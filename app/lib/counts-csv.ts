import type { KindData } from '../components/evidence/answers.ts'
import { breakdownsOf } from '../components/evidence/summary-segments.ts'

/** What a kind's picture shows, as a file: a day a line, or a part of a whole. Its cells are words of ours and numbers. */
export function countsCsv({ asOf, state, view }: KindData, slug: string): string {
  return [
    ['organization', slug],
    ['as of', asOf.instant.toISOString(), 'position', asOf.position],
    ['evidence', state.title],
    ...(view.signInPlot ? daysOf(view.signInPlot) : partsOf(state)),
  ]
    .map(cells => `${cells.map(quoted).join(',')}\r\n`)
    .join('')
}

function daysOf({ parts, columns }: NonNullable<KindData['view']['signInPlot']>): Cell[][] {
  return [
    ['day', ...parts],
    ...columns.map(({ at, pieces }) => [
      at.toISOString().slice(0, 10),
      ...parts.map(part => pieces.find(piece => piece.part === part)?.value ?? 0),
    ]),
  ]
}

function partsOf({ kind, evidence }: KindData['state']): Cell[][] {
  if (!evidence) return [['Nothing was collected yet.']]
  const { summary } = evidence
  const breakdowns = breakdownsOf(kind, summary)
  const parts = breakdowns.flatMap(({ label, segments }) =>
    segments.map(segment => [label, segment.label, segment.value]),
  )
  const isOn = summary.isEnabled === undefined ? [] : [['State', 'on', summary.isEnabled === true ? 1 : 0]]
  return [['of', 'part', 'count'], ...parts, ...(breakdowns.length === 0 ? isOn : [])]
}

type Cell = string | number

const quoted = (cell: Cell) => (typeof cell === 'number' ? String(cell) : `"${cell.replaceAll('"', '""')}"`)
