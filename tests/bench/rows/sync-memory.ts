import type { Bench } from '../bench.ts'
import { peakOfSync } from '../sync/memory.ts'

const smallest = 1_000

export const syncMemory: Bench<'growth'> = {
  name: 'sync-memory',
  measures:
    'peak resident memory of a process that syncs twice, over that of one that syncs 1,000 users, for each further user',
  unit: 'bytes',
  subject: 'growth',
  comparisons: [{ baseline: null, goal: 200, direction: 'at most' }],
  rounds: 1,
  warmUp: 0,
  size: { of: 'users', usual: 1_000_000, growth: [100_000, 1_000_000] },
  async setUp(context) {
    return {
      growth: async () => {
        const least = await peakOfSync(context, smallest)
        const most = await peakOfSync(context, context.size)
        context.say(
          `${mebibytes(least)} MiB for ${smallest} users, ${mebibytes(most)} MiB for ${context.size}`,
        )
        // What is less than a byte a user is told as one.
        return Math.max(1, (most - least) / (context.size - smallest))
      },
    }
  },
}

const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20)
