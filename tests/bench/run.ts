import { parseArgs } from 'node:util'
import { benches, selectBenches } from './benches.ts'
import { judge } from './figures.ts'
import { keepFigures } from './keep.ts'
import { growthLines, growthText, machineLine, resultLine, resultText } from './print.ts'
import { runBench } from './run-bench.ts'
import { startBenchServer } from './server.ts'

/*
 * `npm run bench -- [NAME …] [--json] [--against] [--growth] [--strict] [--rounds N] [--size N]`: measures the rows of
 * docs/performance.md and keeps the figures for `npm run capacity`. A name selects what begins with it. Fails when a bench could not run; with --strict also when a goal is missed.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    against: { type: 'boolean', default: false },
    growth: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    size: { type: 'string' },
  },
})

// A terminal and npm may each pass Ctrl+C on: the first one counts.
const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interruption.abort())

// Said outright: the embedded server, ending with the process, would make it 0.
process.exit(await main())

async function main(): Promise<number> {
  let selected: typeof benches
  let rounds: number | undefined
  let asked: number | undefined
  try {
    selected = selectBenches(benches, positionals)
    rounds = numberOf('--rounds', values.rounds, 3)
    asked = numberOf('--size', values.size, 7)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 1
  }
  const { signal } = interruption
  const server = await startBenchServer()
  let failed = 0
  let missed = 0
  try {
    if (!values.json) console.log(machineLine())
    for (const bench of selected) {
      const say = (text: string) => console.error(`  ${bench.name}: ${text}`)
      const missing = bench.missing?.()
      if (missing) {
        console.error(`${bench.name} was not measured: ${missing}`)
        continue
      }
      try {
        const size = bench.size ? (asked ?? bench.size.usual) : 1
        const figures = await runBench(bench, { server, size, rounds, signal, say })
        await keepFigures(bench, size, figures)
        const results = judge(bench, figures)
        missed += results.filter(({ ok }) => ok === false).length
        if (values.json) for (const result of results) console.log(resultLine(result, values))
        else console.log(resultText(bench, figures))
        if (values.growth) await printGrowth(bench, say)
      } catch (error) {
        if (signal.aborted) break
        failed += 1
        console.error(`${bench.name} could not run:`, error)
      }
    }
  } finally {
    await server.embedded.stop()
  }
  if (signal.aborted) return 130
  if (failed > 0) console.error(`${failed} could not run.`)
  if (missed > 0) console.error(`${missed} missed.`)
  return failed > 0 || (values.strict && missed > 0) ? 1 : 0

  async function printGrowth(bench: (typeof benches)[number], say: (text: string) => void) {
    const rows = []
    for (const size of bench.size?.growth ?? []) {
      say(`${size} ${bench.size?.of}`)
      const figures = await runBench(bench, { server, size, rounds, signal, say })
      await keepFigures(bench, size, figures)
      if (values.json) for (const line of growthLines(bench, size, figures)) console.log(line)
      rows.push({ size, figures })
    }
    if (!values.json && rows.length > 0) console.log(growthText(bench, rows))
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
