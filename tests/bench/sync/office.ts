import type { Database } from '../../../db/client.ts'
import type { Clock } from '../../../server/clock.ts'
import { usualLease } from '../../../server/evidence/lease.ts'
import type { Services } from '../../../server/services.ts'
import { connectedScene, foundOrganization, syncNow } from '../../support/seed.ts'
import { composeTestServices } from '../../support/services.ts'
import type { BenchDirectory } from './directory.ts'

/** An organization that is connected to a directory and has not synced it yet. */
export interface BenchOffice {
  services: Services
  organizationId: string
  slug: string
  /** Its owner, for a sign-in. */
  owner: { userId: string; email: string; password: string }
  /** One sync, from its job to its committed evidence and verdicts. @throws {Error} unless it succeeded */
  sync(): Promise<void>
  close(): void
}

export async function openOffice(
  database: Database,
  directory: BenchDirectory,
  clock: Clock = clockWithoutPacing(),
): Promise<BenchOffice> {
  const { origin, kms, spec } = directory
  const { services, close } = composeTestServices({
    database,
    clock,
    entraOrigin: origin,
    kms,
    // Nothing is mailed.
    smtpUrl: 'smtp://127.0.0.1:1',
    leaseSeconds: usualLease,
  })
  const founded = await foundOrganization(services, 'Ada Owner', 'Harbour Street')
  const scene = { services, clock, entra: { origin }, spec, ...founded }
  const [app] = spec.apps
  const connectionId = await connectedScene(scene, app ? { clientSecret: app.clientSecret } : {})
  return {
    services,
    organizationId: founded.organizationId,
    slug: founded.slug,
    owner: { userId: founded.userId, ...founded.credentials },
    async sync() {
      const result = await syncNow(scene, connectionId)
      if (result !== 'succeeded') throw new Error(`a sync ended ${result}`)
    },
    close,
  }
}

/** The machine's time, but for what one is asked to wait: that passes at once. */
function clockWithoutPacing(): Clock {
  let ahead = 0
  return {
    now: () => new Date(Date.now() + ahead),
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted()
      ahead += milliseconds
    },
  }
}
