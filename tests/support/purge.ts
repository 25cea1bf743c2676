import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import type { EventPayload } from '../../server/domain/events.ts'
import { leafHash, rootHash } from '../../server/ledger/merkle.ts'
import type { Scene } from './seed.ts'

/** What an event says of a purge that retention brought, beside how many and which items. */
export const purgedForTime: Omit<EventPayload<'ItemsPurged'>, 'count' | 'root'> = {
  reason: 'retention',
  before: '2020-01-01T00:00:00.000Z',
  subjectKey: null,
  kept: { count: 0, assessments: [] },
}

/**
 * Purges the bodies of so many accounts as retention does it: an event, a note of it for each item, the mark, the DELETE.
 * @returns the items' hashes in ascending order, and the position of the event
 */
export async function purgeItems(
  { db, organizationId, services }: Pick<Scene, 'db' | 'organizationId' | 'services'>,
  count: number,
): Promise<{ hashes: string[]; position: number }> {
  const client = postgres(db.url('retention'), { max: 1, onnotice: () => undefined })
  const within = <T>(work: (transaction: postgres.TransactionSql) => Promise<T>) =>
    client.begin(async transaction => {
      await transaction.unsafe(`set local app.organization_id = '${organizationId}'`)
      return work(transaction)
    })
  try {
    const hashes = await within(async transaction => {
      const rows = await transaction<{ hash: Buffer }[]>`
        select hash from ledger.item_body where organization_id = ${organizationId} and body like '%accountEnabled%'
         order by hash limit ${count}`
      return rows.map(row => row.hash)
    })
    const root = rootHash(hashes.map(hash => leafHash(hash))).toString('hex')
    const [recorded] = await services.ledger.command(organizationId, 'system:retention', unit =>
      unit.append({ type: 'retention', id: randomUUID() }, 0, [
        { type: 'ItemsPurged', payload: { ...purgedForTime, count, root } },
      ]),
    )
    const position = recorded?.position ?? -1
    await within(async transaction => {
      for (const hash of hashes) {
        await transaction`
          insert into ledger.purged_item (organization_id, hash, position) values (${organizationId}, ${hash}, ${position})`
        await transaction`
          update ledger.item_body set purged_at_position = ${position}
           where organization_id = ${organizationId} and hash = ${hash}`
        await transaction`
          delete from ledger.item_body where organization_id = ${organizationId} and hash = ${hash}`
      }
    })
    return { hashes: hashes.map(hash => hash.toString('hex')), position }
  } finally {
    await client.end()
  }
}
