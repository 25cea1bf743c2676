import { startKms } from '../../sandbox/kms/start-kms.ts'
import type { Services } from '../../server/services.ts'
import { type JumpingClock, jumpingClock } from '../support/entra.ts'
import { composeTestServices } from '../support/services.ts'
import type { BenchContext, BenchDatabase } from './bench.ts'

const nowhere = '127.0.0.1:9'

/** The product's services on a database of a bench and a clock of its own, with a key service and nothing else outside. */
export async function assessing(
  { defer }: Pick<BenchContext, 'defer'>,
  bench: BenchDatabase,
): Promise<Services & { clock: JumpingClock }> {
  const kms = await startKms()
  defer(() => kms.stop())
  const clock = jumpingClock()
  const { services, close } = composeTestServices({
    database: bench.connect({ max: 3 }),
    clock,
    entraOrigin: `http://${nowhere}`,
    kms,
    smtpUrl: `smtp://${nowhere}`,
    leaseSeconds: 60,
  })
  defer(async () => close())
  return { ...services, clock }
}
