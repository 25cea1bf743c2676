import { startEntra } from '../../../sandbox/entra/start-entra.ts'
import { startKms } from '../../../sandbox/kms/start-kms.ts'
import { standInIds, standInSpec } from '../../support/stand-in.ts'
import type { BenchDirectory } from './directory.ts'

/*
 * Serves a directory of the size that is given, until the process that asked for it ends. Its clock is behind by as many
 * days as are given.
 */

process.on('disconnect', () => process.exit())

const [size = '', daysBehind = '0'] = process.argv.slice(2)
const day = 86_400_000
const behind = Number(daysBehind) * day

const spec = standInSpec({
  size: Number(size),
  since: new Date(Date.now() - behind - 90 * day),
  apps: [
    {
      clientId: standInIds.clientId,
      clientSecret: standInIds.clientSecret,
      redirectUris: [standInIds.redirectUri],
    },
  ],
})
const entra = await startEntra({
  tenants: [spec],
  accessTokenSeconds: 86_000,
  clock: { now: () => new Date(Date.now() - behind) },
})
const { origin, keyId, signingKeyId } = await startKms()
const told: BenchDirectory = { origin: entra.origin, kms: { origin, keyId, signingKeyId }, spec }
process.send?.(told)
