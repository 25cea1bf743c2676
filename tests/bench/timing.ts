import { median } from './figures.ts'

/** Milliseconds that `work` took. */
export async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** Seconds that `work` took. */
export const secondsOf = async (work: () => Promise<unknown>): Promise<number> =>
  (await millisecondsOf(work)) / 1_000

/** The median of `count` calls, one after the other, in microseconds. */
export async function medianLatency(count: number, call: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let index = 0; index < count; index++) times.push(1_000 * (await millisecondsOf(call)))
  return median(times)
}

/** How many calls a second come through when every one of `callers` calls again and again for `seconds`. */
export async function rateOf(callers: readonly (() => Promise<unknown>)[], seconds: number): Promise<number> {
  let calls = 0
  const end = performance.now() + 1_000 * seconds
  const milliseconds = await millisecondsOf(() =>
    Promise.all(
      callers.map(async call => {
        while (performance.now() < end) {
          await call()
          calls += 1
        }
      }),
    ),
  )
  return (1_000 * calls) / milliseconds
}
