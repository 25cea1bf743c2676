import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** The most memory that was alive at any sample while the work ran, over what was alive before it, in bytes. */
export async function growthDuring(work: () => Promise<unknown>, interval = 2_000): Promise<number> {
  const before = usedMemory()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, usedMemory())
  }, interval)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  return most - before
}

/**
 * The memory that is alive, in bytes: garbage is collected before. Twice, since buffers that one collection found dead are
 * counted until another thread has swept them, which the next collection waits for.
 */
export function usedMemory(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') for (let time = 0; time < 2; time++) collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
