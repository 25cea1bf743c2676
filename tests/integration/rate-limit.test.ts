import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { limitAction } from '../../server/http/rate-limit.ts'
import { useDatabase } from '../support/database.ts'

const { database } = await useDatabase()

test('an organization may do a costly thing so often, counted together however many ask at once', async () => {
  const [busy, other] = [randomUUID(), randomUUID()]
  const outcomes = await Promise.allSettled(
    Array.from({ length: 30 }, () => limitAction(database, 'sync_now', busy)),
  )
  const refused = outcomes.filter(outcome => outcome.status === 'rejected')
  expect(refused).toHaveLength(10)
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'too_many_requests' })
  await expect(limitAction(database, 'sync_now', other)).resolves.toBeUndefined()
  await expect(limitAction(database, 'connect', busy)).resolves.toBeUndefined()
})
