import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Bench, Comparison } from '../bench/bench.ts'
import { benches, selectBenches } from '../bench/benches.ts'
import { judge, median, quantile } from '../bench/figures.ts'
import { growthPlot } from '../bench/growth-plot.ts'
import { readOptions } from '../bench/options.ts'
import { resultLine } from '../bench/print.ts'
import { alternate } from '../bench/run-bench.ts'

const benchWith = (...comparisons: Comparison[]): Bench => ({
  name: 'example',
  measures: 'an example',
  unit: 'ms',
  subject: 'ours',
  comparisons,
  rounds: 3,
  warmUp: 1,
  setUp: async () => ({}),
})
const figures = { ours: [30, 12, 18], theirs: [12, 12, 90] }

describe('medians', () => {
  test('of an odd number is the middle one, of an even number the mean of the two', () => {
    expect(median([5, 1, 9])).toBe(5)
    expect(median([4, 1, 9, 5])).toBe(4.5)
    expect(quantile([10, 20, 30, 40, 50], 0.99)).toBeCloseTo(49.6)
  })

  test('lie with half of the figures on either side, in whatever order they came', () => {
    const figure = fc.double({ min: 0.001, max: 1e9, noNaN: true })
    fc.assert(
      fc.property(fc.array(figure, { minLength: 1 }), own => {
        const middle = median(own)
        expect(own.filter(one => one <= middle).length * 2).toBeGreaterThanOrEqual(own.length)
        expect(own.filter(one => one >= middle).length * 2).toBeGreaterThanOrEqual(own.length)
        expect(median(own.toReversed())).toBe(middle)
      }),
    )
  })
})

describe('goals', () => {
  test.each<[Comparison['direction'], number, number, boolean]>([
    ['at most', 1.5, 1.5, true],
    ['at most', 1.49, 1.5, false],
    ['at least', 1.5, 1.5, true],
    ['at least', 1.51, 1.5, false],
    ['times faster', 0.66, 12 / 18, true],
    ['times faster', 0.67, 12 / 18, false],
  ])('%s %d: the ratio of the medians is %d, and that it holds is %s', (direction, goal, ratio, ok) => {
    expect(judge(benchWith({ baseline: 'theirs', goal, direction }), figures)).toEqual([
      { bench: 'example', value: 18, unit: 'ms', against: 'theirs', baseline: 12, ratio, goal, ok },
    ])
  })

  test.each([
    [18, true],
    [17, false],
  ])('without a baseline the figure itself is held to %d: %s', (goal, ok) => {
    const [result] = judge(benchWith({ baseline: null, goal, direction: 'at most' }), figures)
    expect(result).toMatchObject({ value: 18, against: null, baseline: null, ratio: null, goal, ok })
  })

  test('each comparison has its own verdict', () => {
    const bench = benchWith(
      { baseline: 'theirs', goal: 2, direction: 'at most' },
      { baseline: 'theirs', goal: 1, direction: 'at most' },
    )
    expect(judge(bench, figures).map(({ ok }) => ok)).toEqual([true, false])
  })

  test('a figure that is only shown is neither held nor missed', () => {
    expect(judge(benchWith(), figures)).toMatchObject([{ value: 18, goal: null, ok: null }])
  })

  test.each([[[]], [[1, Number.NaN]], [[0]], [[-1]], [[Number.POSITIVE_INFINITY]]])(
    'figures such as %j say nothing and are no verdict',
    theirs => {
      const bench = benchWith({ baseline: 'theirs', goal: 1, direction: 'at most' })
      expect(() => judge(bench, { ...figures, theirs })).toThrow(RangeError)
    },
  )
})

test('all sides are measured in every round, in turn first, and the warm-up does not count', async () => {
  const calls: string[] = []
  const side = (name: string) => async (round: number) => {
    calls.push(`${name}${round}`)
    return round + 100
  }
  const measured = await alternate({ a: side('a'), b: side('b') }, { rounds: 3, warmUp: 1 })
  expect(calls).toEqual(['a-1', 'b-1', 'b0', 'a0', 'a1', 'b1', 'b2', 'a2'])
  expect(measured).toEqual({ a: [100, 101, 102], b: [100, 101, 102] })
})

describe('names', () => {
  const all = ['append-batch', 'append-latency', 'fold', 'sync-full'].map(name => ({ name }))
  const selected = (...beginnings: string[]) => selectBenches(all, beginnings).map(({ name }) => name)

  test('select what begins with them, once and in the order of the list', () => {
    expect(selected()).toEqual(['append-batch', 'append-latency', 'fold', 'sync-full'])
    expect(selected('sync', 'append', 'append-l')).toEqual(['append-batch', 'append-latency', 'sync-full'])
    expect(selected('fold')).toEqual(['fold'])
  })

  test('that select nothing are refused in words that name what there is', () => {
    expect(() => selected('append', 'latency')).toThrow(/“latency”.*append-batch, append-latency, fold/)
  })

  test('of the rows are distinct', () => {
    expect(new Set(benches.map(({ name }) => name)).size).toBe(benches.length)
  })
})

test('a line of JSON has the seven fields and no other; the side that was compared with comes on request', () => {
  const [result] = judge(benchWith({ baseline: 'theirs', goal: 2, direction: 'at most' }), figures)
  if (!result) throw new RangeError('no result')
  const fields = ['bench', 'value', 'unit', 'baseline', 'ratio', 'goal', 'ok']
  expect(Object.keys(JSON.parse(resultLine(result, { against: false })))).toEqual(fields)
  expect(JSON.parse(resultLine(result, { against: true }))).toMatchObject({ against: 'theirs' })
})

describe('options', () => {
  test('are read with the rows that they select', () => {
    const { selected, growth, size } = readOptions(['fold', '--growth', '--size', '1000'])
    expect({ names: selected.map(({ name }) => name), growth, size }).toEqual({
      names: ['fold'],
      growth: true,
      size: 1_000,
    })
    expect(readOptions(['-h']).help).toBe(true)
  })

  test.each([
    [['--quick'], /Unknown option '--quick'\.\n\nUsage:/],
    [['--rounds'], /--rounds.*\n\nUsage:/],
    [['--rounds', '0'], /--rounds takes a whole number from 1/],
    [['--size=12345678'], /--size takes a whole number from 1, of 7 digits at most/],
  ])('%j are refused in words', (args, words) => {
    expect(() => readOptions(args)).toThrow(words)
  })
})

describe('the plot of growth', () => {
  const rows = [
    { name: 'grown', size: { of: 'users' } },
    { name: 'once', size: { of: 'users' } },
  ]
  const row = (sizes: Record<string, Record<string, number>>) => ({
    measuredAt: '2026-11-26T08:00:00.000Z',
    unit: 'ms',
    sizes,
  })

  test('has a panel for each row that was measured at several sizes, and a line for each side', () => {
    const kept = {
      machine: 'any',
      rows: {
        grown: row({ 1000: { ours: 5, floor: 5 }, 10: { ours: 0.2, floor: 5 } }),
        once: row({ 10: { ours: 1 } }),
      },
    }
    const svg = growthPlot(kept, rows)
    expect(svg.match(/<polyline/g)).toHaveLength(2)
    expect(svg).toContain('grown, ms')
    expect(svg).not.toMatch(/once|NaN|undefined|Infinity/)
  })

  test('of nothing is refused in words', () => {
    expect(() => growthPlot({ machine: 'any', rows: {} }, rows)).toThrow('npm run bench -- --growth')
  })
})
