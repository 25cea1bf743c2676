import { parseArgs } from 'node:util'
import { benches, selectBenches } from './benches.ts'
import { judge } from './figures.ts'
import { growthLines, growthText, machineLine, resultText } from './print.ts'
import { runBench } from './run-bench.ts'
import { startBenchServer } from './server.ts'

/*
 * `npm run bench -- [NAME …] [--json] [--growth] [--strict] [--rounds N]`: measures the rows of docs/performance.md. A
 * name selects what begins with it. Fails when a bench could not run; with --strict also when a goal is missed.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    growth: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    rounds: { type: 'string' },
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
  try {
    selected = selectBenches(benches, positionals)
    rounds = roundsOf(values.rounds)
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
      try {
        const figures = await runBench(bench, { server, size: bench.size?.usual ?? 1, rounds, signal, say })
        const results = judge(bench, figures)
        missed += results.filter(({ ok }) => ok === false).length
        if (values.json) for (const result of results) console.log(JSON.stringify(result))
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
      if (values.json) for (const line of growthLines(bench, size, figures)) console.log(line)
      rows.push({ size, figures })
    }
    if (!values.json && rows.length > 0) console.log(growthText(bench, rows))
  }
}

function roundsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new RangeError('--rounds takes a number from 1 to 999.')
  return Number(text)
}
