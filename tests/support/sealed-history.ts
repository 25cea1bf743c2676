import postgres from 'postgres'
import { newId } from '../../server/ledger/ids.ts'
import { createLedger } from '../../server/ledger/ledger.ts'
import { leafHash, rootHash } from '../../server/ledger/merkle.ts'
import { sealNow } from '../../server/ledger/seal-log.ts'
import { type VerificationResult, verifyLedger } from '../../server/verification/verify-ledger.ts'
import { afterwards } from './afterwards.ts'
import { grow } from './log.ts'
import { purgedForTime } from './purge.ts'
import { type Scene, seedSyncedOrganization, syncNow } from './seed.ts'

const hour = 3_600_000

export interface SealedHistory extends Scene {
  connectionId: string
  admin: postgres.Sql
  verify(): Promise<VerificationResult>
}

/**
 * A connected organization with more than one tile of events: syncs with changes, each sealed, and a purge of one
 * item's content.
 */
export async function seedSealedHistory(): Promise<SealedHistory> {
  const scene = await seedSyncedOrganization({ size: 20 })
  const { services, organizationId, clock, db } = scene
  const admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined })
  afterwards(() => admin.end())
  const tenant = scene.entra.tenant(scene.spec.tenantId)
  await sealNow(services, organizationId)
  for (const index of [3, 5]) {
    clock.jump(hour)
    tenant.setUser(index, { accountEnabled: false })
    await syncNow(scene, scene.connectionId)
    await sealNow(services, organizationId)
  }
  await grow(services.ledger, organizationId, 260)
  await sealNow(services, organizationId)
  await purgeOne(scene)
  await sealNow(services, organizationId)
  // What no checkpoint covers yet.
  await grow(services.ledger, organizationId, 3)
  return {
    ...scene,
    admin,
    verify: () =>
      verifyLedger({
        database: services.database,
        organizationId,
        signal: new AbortController().signal,
        onProgress: () => undefined,
      }),
  }
}

/** Purges the content of an item that nobody holds any more, as the retention role: event, list, mark, deletion. */
async function purgeOne({ db, clock, organizationId }: Scene) {
  const database = db.connect('retention', { max: 1 })
  const retention = postgres(db.url('retention'), { max: 1, onnotice: () => undefined })
  try {
    const [item] = await retention.begin(async transaction => {
      await transaction.unsafe(`set local app.organization_id = '${organizationId}'`)
      return transaction<{ hash: Buffer }[]>`
        select i.hash from ledger.item i where i.organization_id = ${organizationId} order by i.hash limit 1`
    })
    if (!item) throw new Error('there is an item')
    // The retention role projects nothing: it has no right to.
    const ledger = createLedger({ database, clock, project: async () => undefined })
    const [purged] = await ledger.command(organizationId, 'system:retention', unit =>
      unit.append({ type: 'retention', id: newId() }, 0, [
        {
          type: 'ItemsPurged',
          payload: { ...purgedForTime, count: 1, root: rootHash([leafHash(item.hash)]).toString('hex') },
        },
      ]),
    )
    await retention.begin(async transaction => {
      await transaction.unsafe(`set local app.organization_id = '${organizationId}'`)
      const own = transaction`organization_id = ${organizationId} and hash = ${item.hash}`
      const position = purged?.position ?? -1
      await transaction`insert into ledger.purged_item (organization_id, hash, position) values (${organizationId}, ${item.hash}, ${position})`
      await transaction`update ledger.item_body set purged_at_position = ${position} where ${own}`
      await transaction`delete from ledger.item_body where ${own}`
    })
  } finally {
    await Promise.all([database.close(), retention.end()])
  }
}
