import { startEntra } from '../../../sandbox/entra/start-entra.ts'
import { startKms } from '../../../sandbox/kms/start-kms.ts'
import { standInIds, standInSpec } from '../../support/stand-in.ts'
import type { BenchDirectory } from './directory.ts'

/* Serves a directory of the size that is given, until the process that asked for it ends. */

process.on('disconnect', () => process.exit())

const spec = standInSpec({
  size: Number(process.argv[2]),
  since: new Date(Date.now() - 90 * 86_400_000),
  apps: [
    {
      clientId: standInIds.clientId,
      clientSecret: standInIds.clientSecret,
      redirectUris: [standInIds.redirectUri],
    },
  ],
})
const entra = await startEntra({ tenants: [spec], accessTokenSeconds: 86_000 })
const { origin, keyId, signingKeyId } = await startKms()
const told: BenchDirectory = { origin: entra.origin, kms: { origin, keyId, signingKeyId }, spec }
process.send?.(told)
