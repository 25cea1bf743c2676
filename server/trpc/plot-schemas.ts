import { z } from 'zod'

/** The geometry that the pure plots hand out, as procedures answer it. */

const anchor = z.enum(['start', 'middle', 'end'])
const tick = z.strictObject({ x: z.number(), label: z.string(), anchor })
const gridLine = z.strictObject({ y: z.number(), label: z.string() })

export const coveragePlotOutput = z.strictObject({
  height: z.number(),
  from: z.date(),
  to: z.date(),
  line: z.string(),
  area: z.string(),
  end: z.strictObject({ x: z.number(), y: z.number(), value: z.number() }).nullable(),
  gridLines: z.array(gridLine),
  ticks: z.array(tick),
  outages: z.array(
    z.strictObject({
      x: z.number(),
      width: z.number(),
      label: z.string(),
      labelX: z.number(),
      anchor,
      isLabelled: z.boolean(),
      isLabelledOnPhone: z.boolean(),
      from: z.date(),
      to: z.date(),
    }),
  ),
  steps: z.array(z.strictObject({ at: z.date(), value: z.number() })),
})

export const hourStateOutput = z.enum([
  'collected',
  'reaffirmed',
  'caught_up',
  'failed',
  'missing',
  'unreadable',
  'none',
])

export const gapStripOutput = z.strictObject({
  height: z.number(),
  rowHeight: z.number(),
  cellHeight: z.number(),
  hours: z.int(),
  from: z.date(),
  isDividedByHour: z.boolean(),
  days: z.array(z.strictObject({ x: z.number(), label: z.string(), anchor })),
  rows: z.array(
    z.strictObject({
      kind: z.string(),
      label: z.string(),
      y: z.number(),
      cells: z.array(
        z.strictObject({
          x: z.number(),
          width: z.number(),
          state: hourStateOutput,
          at: z.date(),
          hours: z.int(),
        }),
      ),
      counts: z.record(hourStateOutput, z.int()),
    }),
  ),
  words: z.record(hourStateOutput, z.string()),
})

/** Verdicts over time; `states` are the ones a segment can have besides `none`. */
export const verdictTimelineOutput = <State extends string>(states: readonly [State, ...State[]]) =>
  z.strictObject({
    from: z.date(),
    to: z.date(),
    ticks: z.array(tick),
    segments: z.array(
      z.strictObject({
        x: z.number(),
        width: z.number(),
        state: z.union([z.enum(states), z.literal('none')]),
        from: z.date(),
        to: z.date(),
      }),
    ),
  })

/** Columns stacked by part, for the parts that there can be. */
export const columnsPlotOutput = <Part extends string>(parts: readonly [Part, ...Part[]]) =>
  z.strictObject({
    height: z.number(),
    from: z.date(),
    to: z.date(),
    parts: z.array(z.enum(parts)),
    gridLines: z.array(gridLine),
    ticks: z.array(tick),
    columns: z.array(
      z.strictObject({
        x: z.number(),
        width: z.number(),
        at: z.date(),
        total: z.number(),
        pieces: z.array(
          z.strictObject({ part: z.enum(parts), value: z.number(), y: z.number(), height: z.number() }),
        ),
      }),
    ),
  })
