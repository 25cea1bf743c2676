import { median } from './figures.ts'

/** Milliseconds that `work` took. */
export async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** The median of `count` calls, one after the other, in microseconds. */
export async function medianLatency(count: number, call: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let index = 0; index < count; index++) times.push(1_000 * (await millisecondsOf(call)))
  return median(times)
}
