import { appendFileSync } from 'node:fs'
import fc from 'fast-check'
import { test } from 'vitest'
import type { LawOutcome } from './law-outcome.ts'

/** Whether `npm run soak` asks: what takes long is tried in its full length. */
export const isSoaked = process.env.ATTESTRY_SOAK_RUNS !== undefined

/**
 * A test that a law holds: as many runs as all tests together bear, or as many as `npm run soak` asks for by its
 * environment. Its title names the seed, which ATTESTRY_SEED gives back.
 * @param usual what all tests together bear; the seed, where each of their runs is to be the same
 * @param figures what a law measures, for the soak's report
 */
export function testLaw<T>(
  name: string,
  property: fc.IAsyncProperty<T> | fc.IProperty<T>,
  usual: { runs: number; seconds: number; seed?: number },
  figures?: () => string,
): void {
  const anySeed = () => Math.floor(Math.random() * 2 ** 31)
  const seed = Number(process.env.ATTESTRY_SEED ?? (isSoaked ? anySeed() : (usual.seed ?? anySeed())))
  const numRuns = Number(process.env.ATTESTRY_SOAK_RUNS ?? usual.runs)
  const seconds = Number(process.env.ATTESTRY_SOAK_SECONDS ?? usual.seconds)
  const work = async () => {
    const startedAt = performance.now()
    const settled = followRuns(property)
    const details = await fc.check(property, { seed, numRuns, interruptAfterTimeLimit: seconds * 1000 })
    const took = Math.round((performance.now() - startedAt) / 100) / 10
    const outcome = { law: name, seed, runs: details.numRuns, seconds: took, result: resultOf(details) }
    // What was under way when time was up comes to its end before what it works on is taken away.
    await settled()
    note(figures ? { ...outcome, figures: figures() } : outcome)
    if (details.failed) throw new Error(whyOf(details), { cause: details.errorInstance })
  }
  // When time is up one run may have begun, and comes to its end; and what fails is shrunk. Long runs are a soak's.
  const longestRun = isSoaked ? 900 : 120
  test(`${name} (ATTESTRY_SEED=${seed})`, work, (seconds + longestRun) * 1000)
}

/** What broke the law stands first: by what and from which seed comes after it. */
function whyOf<T>(details: fc.RunDetails<T>): string {
  const { errorInstance } = details
  const error = errorInstance instanceof Error ? errorInstance.message : String(errorInstance ?? 'no error')
  return `${error}\n${fc.defaultReportMessage(details)}`
}

/** @returns what waits for the runs that are still under way */
function followRuns<T>(property: fc.IAsyncProperty<T> | fc.IProperty<T>): () => Promise<unknown> {
  const running = new Set<Promise<unknown>>()
  if (!property.isAsync()) return () => Promise.allSettled(running)
  // Its type does not follow from the answer.
  const asynchronous = property as fc.IAsyncProperty<T>
  const run = asynchronous.run.bind(asynchronous)
  asynchronous.run = value => {
    const one = run(value)
    running.add(one)
    return one.finally(() => running.delete(one))
  }
  return () => Promise.allSettled(running)
}

function resultOf({ failed, interrupted }: { failed: boolean; interrupted: boolean }): LawOutcome['result'] {
  if (failed) return 'FAILS'
  return interrupted ? 'time is up' : 'holds'
}

function note(outcome: LawOutcome): void {
  const file = process.env.ATTESTRY_SOAK_REPORT
  if (file) appendFileSync(file, `${JSON.stringify(outcome)}\n`)
}
