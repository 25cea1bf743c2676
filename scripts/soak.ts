import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type LawOutcome, lawOutcome } from '../tests/support/law-outcome.ts'
import { runNode } from './run-node.ts'

/*
 * `npm run soak -- [NAME …] [--runs N] [--minutes M]`: tries every law (tests/support/law.ts) in the files whose paths hold
 * one of the names N times, from a new seed, and for M minutes at most; then says which held. What fails is told with its
 * counterexample and its seed.
 */
const root = join(import.meta.dirname, '..')
const usage = `Usage: npm run soak -- [NAME …] [--runs N] [--minutes M]

Tries every law in the files whose paths hold a NAME, or all, 10000 times and for 10 minutes at most, or as said.`

process.exitCode = await main()

async function main(): Promise<number> {
  const options = readOptions()
  if (typeof options === 'string') {
    console.error(`${options}\n\n${usage}`)
    return 2
  }
  if (options.help) {
    console.log(`${usage}\n\nLaws are in:\n${lawFiles().join('\n')}`)
    return 0
  }
  const { names, runs, minutes } = options
  const files = lawFiles().filter(file => names.length === 0 || names.some(name => file.includes(name)))
  if (files.length === 0) {
    console.error(`No law is in a file of that name. They are in:\n${lawFiles().join('\n')}`)
    return 2
  }
  const scratch = await mkdtemp(join(tmpdir(), 'attestry-soak-'))
  const report = join(scratch, 'laws.jsonl')
  const code = await runTests(files, {
    ATTESTRY_SOAK_REPORT: report,
    ATTESTRY_SOAK_RUNS: String(runs),
    ATTESTRY_SOAK_SECONDS: String(minutes * 60),
  })
  const outcomes = await readFile(report, 'utf8').then(readOutcomes, () => [])
  await rm(scratch, { recursive: true, force: true })
  for (const outcome of outcomes) console.log(lineOf(outcome))
  const tries = outcomes.reduce((sum, outcome) => sum + outcome.runs, 0)
  const failed = outcomes.filter(({ result }) => result === 'FAILS').length
  console.log(`\n${outcomes.length} laws, ${tries.toLocaleString('en-GB')} runs, ${failed} failed`)
  // A law that was not told of did not hold.
  return code === 0 && outcomes.length > 0 && failed === 0 ? 0 : 1
}

function readOptions(): { names: string[]; runs: number; minutes: number; help: boolean } | string {
  try {
    const { values, positionals: names } = parseArgs({
      allowPositionals: true,
      options: {
        runs: { type: 'string', default: '10000' },
        minutes: { type: 'string', default: '10' },
        help: { type: 'boolean', default: false },
      },
    })
    const [runs, minutes] = [Number(values.runs), Number(values.minutes)]
    if (!Number.isInteger(runs) || runs < 1) return '--runs is a whole number from 1.'
    if (!(minutes > 0 && minutes < 10_000)) return '--minutes is a number above 0.'
    return { names, runs, minutes, help: values.help }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function lawFiles(): string[] {
  const files = globSync('tests/**/*.test.ts', { cwd: root })
  return files.filter(file => readFileSync(join(root, file), 'utf8').includes('testLaw(')).sort()
}

function runTests(files: readonly string[], env: Record<string, string>): Promise<number> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  // The title of a law names its seed, and no other title does.
  const args = [vitest, 'run', ...files, '--testNamePattern', 'ATTESTRY_SEED=']
  return runNode(args, env)
}

function readOutcomes(text: string): LawOutcome[] {
  const lines = text.trim().split('\n')
  return lines.map(line => lawOutcome.parse(JSON.parse(line)))
}

function lineOf({ result, runs, seconds, seed, law, figures }: LawOutcome): string {
  const counts = `${String(runs).padStart(9)} runs ${seconds.toFixed(1).padStart(8)} s`
  return `${result.padEnd(12)}${counts}  seed ${String(seed).padStart(10)}  ${law}${figures ? `\n${' '.repeat(12)}${figures}` : ''}`
}
