import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Milliseconds before the first look; each pause is twice the one before, so that work which is soon done is looked at too. */
const firstPause = 20
const longestPause = 250

/**
 * The most memory that was alive at any look while the work ran, over what was alive before it, in bytes. The work gets at
 * least three times as long as the look before took: in a process that holds much already, looking by the clock would
 * leave it no time at all.
 * @throws when the work ended before the first look
 */
export async function growthDuring(work: () => Promise<unknown>): Promise<number> {
  const before = usedMemory()
  let most: number | null = null
  let pause = firstPause
  const look = () => {
    const begun = performance.now()
    most = Math.max(most ?? 0, usedMemory())
    pause = Math.min(2 * pause, longestPause)
    timer = setTimeout(look, Math.max(pause, 3 * (performance.now() - begun)))
  }
  let timer = setTimeout(look, pause)
  try {
    await work()
  } finally {
    clearTimeout(timer)
  }
  if (most === null) throw new Error('the work ended before its memory was looked at')
  return most - before
}

let collect: unknown

/**
 * The memory that is alive, in bytes: garbage is collected before. Twice, since buffers that one collection found dead are
 * counted until another thread has swept them, which the next collection waits for.
 */
export function usedMemory(): number {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc')
  }
  if (typeof collect === 'function') for (let time = 0; time < 2; time++) collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
