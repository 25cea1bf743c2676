import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { growthDuring } from '../support/memory.ts'
import { connectedScene, syncNow, useScene } from '../support/seed.ts'

const users = 20_000

const scene = await useScene({ size: users })
const connectionId = await connectedScene(scene)
const { services, organizationId } = scene

async function countRows() {
  return services.database.withOrganization(organizationId, async transaction => {
    const [counts] = await transaction.execute<Record<string, number>>(sql`
      select (select count(*)::int from ledger.item i where i.organization_id = ${organizationId}) as items,
             (select count(*)::int from ledger.item_body b where b.organization_id = ${organizationId}) as bodies,
             (select count(*)::int from ledger.evidence_delta d where d.organization_id = ${organizationId}) as deltas,
             (select count(*)::int from state.staged_batch s where s.organization_id = ${organizationId}) as staged,
             (select count(*)::int from state.membership m where m.organization_id = ${organizationId}
                 and m.kind = 'user_inventory' and m.to_position = 9223372036854775807) as accounts`)
    return counts
  })
}

test('a directory of 20,000 accounts syncs at once, and none of it is left in staging', async () => {
  expect(await syncNow(scene, connectionId)).toBe('succeeded')
  expect(await countRows()).toMatchObject({ accounts: users, staged: 0 })
})

test('a sync that finds the same writes no item, body or delta, and holds a fraction of the directory', async () => {
  const before = await countRows()
  const growth = await growthDuring(async () => {
    expect(await syncNow(scene, connectionId)).toBe('succeeded')
  })
  expect(await countRows()).toEqual(before)
  // Alive in the middle are two indexes of 48 bytes an account, and batches on both sides of the connection, for the
  // stand-in runs in this process. The accounts and records themselves, parsed, take over 4 kB an account.
  expect(growth).toBeLessThan(60_000_000)
})

test('a hundred renamed accounts cost their own items alone, however large the directory is', async () => {
  const before = await countRows()
  const tenant = scene.entra.tenant(scene.spec.tenantId)
  for (let index = 0; index < 100; index++)
    tenant.setUser(12 + index * 7, { displayName: `Renamed ${index}` })
  expect(await syncNow(scene, connectionId)).toBe('succeeded')
  const after = await countRows()
  // The name stands in the account and, where there is one, in its registration record.
  const added = (after?.bodies ?? 0) - (before?.bodies ?? 0)
  expect(added).toBeGreaterThan(100)
  expect(added).toBeLessThanOrEqual(200)
  expect(after?.accounts).toBe(users)
})
