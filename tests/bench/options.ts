import { parseArgs } from 'node:util'
import type { Bench } from './bench.ts'
import { benches, selectBenches } from './benches.ts'

/** What a run was asked for. */
export interface BenchOptions {
  selected: readonly Bench[]
  json: boolean
  against: boolean
  growth: boolean
  strict: boolean
  plots: boolean
  help: boolean
  rounds: number | undefined
  size: number | undefined
}

const types = {
  json: { type: 'boolean', default: false },
  against: { type: 'boolean', default: false },
  growth: { type: 'boolean', default: false },
  strict: { type: 'boolean', default: false },
  plots: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  rounds: { type: 'string' },
  size: { type: 'string' },
} as const

/** @throws {RangeError} for what no run can be asked for, in words */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parsed(args)
  return {
    ...values,
    selected: selectBenches(benches, positionals),
    rounds: numberOf('--rounds', values.rounds, 3),
    size: numberOf('--size', values.size, 7),
  }
}

export const usage = `Usage: npm run bench -- [NAME …] [options]

Measures the rows of docs/performance.md whose names begin with NAME, or all, each beside its baseline.

  --growth     then at the other sizes of a table as well
  --size N     at another size than the usual one
  --rounds N   so many rounds instead of the row’s own
  --json       one JSON object a line, nothing else on stdout
  --against    with --json: which side each was compared with
  --strict     fail when a goal is missed
  --plots      measure nothing: draw docs/images/growth.svg from the figures that were kept
  --help       this

Rows: ${benches.map(({ name }) => name).join(', ')}`

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: types })
  } catch (error) {
    // Its first sentence says which option it is; what follows is about how to write an argument that begins with a dash.
    const [words] = error instanceof TypeError ? error.message.split('. ') : []
    if (words === undefined) throw error
    throw new RangeError(`${words.replace(/\.$/, '')}.\n\n${usage}`, { cause: error })
  }
}

function numberOf(option: string, text: string | undefined, digits: number): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (!/^[1-9]\d*$/.test(text) || text.length > digits) {
    throw new RangeError(`${option} takes a whole number from 1, of ${digits} digits at most.`)
  }
  return number
}
