import { setTimeout as pause } from 'node:timers/promises'
import { millisecondsOf } from '../timing.ts'
import type { Arrivals } from './arrivals.ts'
import { Visitor } from './visitor.ts'

/* Visits that come one by one, whether those before are answered or not, from a process that does nothing else. */

for (const end of ['disconnect', 'SIGTERM'] as const) process.on(end, () => process.exit())

let visitor: Visitor | undefined

process.on('message', async ({ port, cookie, path, interval, count }: Arrivals) => {
  const known = visitor ?? new Visitor(port, cookie)
  visitor = known
  const begin = performance.now()
  const times = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      await pause(Math.max(0, begin + index * interval - performance.now()))
      return millisecondsOf(() => known.get(path))
    }),
  )
  process.send?.(times)
})
