import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { Transaction } from '../../db/client.ts'
import { newId } from '../../server/ledger/ids.ts'
import { useDatabase } from '../support/database.ts'

const { database } = await useDatabase({ max: 1 })

test('a transaction that has ended sends nothing more: its connection may serve another organization by then', async () => {
  const kept: Transaction[] = []
  await database.withOrganization(newId(), async transaction => void kept.push(transaction))
  const other = newId()
  await database.withOrganization(other, async transaction => {
    await expect(async () => kept[0]?.execute(sql`select 1`)).rejects.toThrow(
      'after its transaction had ended',
    )
    const rows = await transaction.execute(sql`select current_setting('app.organization_id') as organization`)
    expect(rows[0]).toEqual({ organization: other })
  })
})
