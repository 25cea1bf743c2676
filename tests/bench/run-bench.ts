import type { Bench, BenchContext, Sides } from './bench.ts'
import type { Figures } from './figures.ts'
import type { BenchServer } from './server.ts'

/**
 * Sets a bench up at a size, measures all its sides in alternation and ends what it began.
 * @throws what the signal gives as its reason, once it is aborted
 */
export async function runBench(
  bench: Bench,
  options: {
    server: BenchServer
    size: number
    rounds?: number | undefined
    signal: AbortSignal
    say(text: string): void
  },
): Promise<Figures> {
  const { server, size, rounds = bench.rounds, signal, say } = options
  const ends: (() => Promise<unknown>)[] = []
  const context: BenchContext = {
    size,
    server: server.embedded,
    signal,
    defer: end => void ends.push(end),
    createDatabase: () => server.createDatabase(context.defer),
    say,
  }
  const measure = async () => {
    const sides = await bench.setUp(context)
    return alternate(sides, { rounds, warmUp: bench.warmUp, onRound: round => say(`round ${round}`) })
  }
  const isOver = new AbortController()
  try {
    return await Promise.race([measure(), rejectedBy(signal, isOver.signal)])
  } finally {
    isOver.abort()
    for (const end of ends.reverse()) {
      // What comes after one that fails is ended all the same.
      await end().catch((error: unknown) => say(`did not end well: ${String(error)}`))
    }
  }
}

function rejectedBy(signal: AbortSignal, until: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { signal: until })
  })
}

/**
 * Measures every side once a round. Rounds begin with another side in turn, so that none always follows the same one,
 * with the same caches and the same waiting writes of the server.
 */
export async function alternate(
  sides: Sides,
  options: { rounds: number; warmUp: number; onRound?(round: number): void },
): Promise<Figures> {
  const names = Object.keys(sides)
  const figures = Object.fromEntries(names.map(name => [name, [] as number[]]))
  for (let round = -options.warmUp; round < options.rounds; round++) {
    if (round >= 0) options.onRound?.(round + 1)
    const first = (round + options.warmUp) % names.length
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      const figure = await sides[name]?.(round)
      if (round >= 0 && figure !== undefined) figures[name]?.push(figure)
    }
  }
  return figures
}
