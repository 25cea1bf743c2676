import { Database } from '../../db/client.ts'
import { startEntra } from '../../sandbox/entra/start-entra.ts'
import { startKms } from '../../sandbox/kms/start-kms.ts'
import { startSmtp } from '../../sandbox/smtp/start-smtp.ts'
import type { Cluster } from './cluster.ts'
import { jumpingClock, tenantSpec } from './entra.ts'
import { connectedScene, foundOrganization } from './seed.ts'
import { composeTestServices } from './services.ts'
import { recordStatement } from './statements.ts'

/** An organization with one connected directory on a cluster, on a clock that tests move. */
export async function openOfficeOn(cluster: Cluster, onClose: (close: () => Promise<unknown>) => void) {
  const clock = jumpingClock()
  const spec = tenantSpec()
  const [entra, kms, smtp] = await Promise.all([
    startEntra({ tenants: [spec], clock }),
    startKms(),
    startSmtp(),
  ])
  const database = new Database(cluster.url('app'), { max: 4, onStatement: recordStatement })
  const { services, close } = composeTestServices({
    database,
    clock,
    entraOrigin: entra.origin,
    kms,
    smtpUrl: smtp.smtpUrl,
    leaseSeconds: 90,
  })
  onClose(async () => {
    close()
    await Promise.all([database.close(), entra.stop(), kms.stop(), smtp.stop()])
  })
  const founded = await foundOrganization(services, 'Ada Owner', 'Harbour Street')
  const connectionId = await connectedScene({ services, clock, entra, spec, ...founded })
  const { organizationId, userId } = founded
  const tenant = entra.tenant(spec.tenantId)
  return { services, clock, tenant, connectionId, organizationId, actor: { organizationId, userId } }
}
