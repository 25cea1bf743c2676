import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from './bench.ts'
import { benches } from './benches.ts'
import { type Figures, judge } from './figures.ts'
import { growthPlot } from './growth-plot.ts'
import { keepFigures, keptPath, readKept } from './keep.ts'
import { type BenchOptions, readOptions, usage } from './options.ts'
import { growthLines, growthText, machineLine, resultLine, resultText } from './print.ts'
import { runBench } from './run-bench.ts'
import { startBenchServer } from './server.ts'

/*
 * `npm run bench -- [NAME …] [--json] [--against] [--growth] [--strict] [--rounds N] [--size N]`: measures the rows of
 * docs/performance.md and keeps the figures for `npm run capacity`. A name selects what begins with it. Fails when a bench could not run; with --strict also when a goal is missed.
 * `npm run bench -- --plots` draws how the kept figures grow.
 */
const nothingKept = { machine: '', rows: {} }
const plotFile = join(import.meta.dirname, '..', '..', 'docs', 'images', 'growth.svg')

// A terminal and npm may each pass Ctrl+C on: the first one counts.
const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interruption.abort())

process.exitCode = await main()

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2))
    if (options.help) console.log(usage)
    else if (options.plots) await writeFile(plotFile, growthPlot(readKept(keptPath) ?? nothingKept, benches))
    else return await measure(options)
    return 0
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    console.error(error.message)
    return 2
  }
}

async function measure({ selected, rounds, size: asked, ...values }: BenchOptions): Promise<number> {
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
        if (values.growth) await printGrowth(bench, { size, figures }, say)
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

  /** The size that was `measured` is not measured again. */
  async function printGrowth(
    bench: Bench,
    measured: { size: number; figures: Figures },
    say: (text: string) => void,
  ) {
    const rows = []
    for (const size of bench.size?.growth ?? []) {
      say(`${size} ${bench.size?.of}`)
      const isMeasured = size === measured.size
      const figures = isMeasured
        ? measured.figures
        : await runBench(bench, { server, size, rounds, signal, say })
      if (!isMeasured) await keepFigures(bench, size, figures)
      if (values.json) for (const line of growthLines(bench, size, figures)) console.log(line)
      rows.push({ size, figures })
    }
    if (!values.json && rows.length > 0) console.log(growthText(bench, rows))
  }
}
