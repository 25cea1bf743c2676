import fc from 'fast-check'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { useDatabase } from '../support/database.ts'

const db = await useDatabase()
const admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())

const largest = Number.MAX_SAFE_INTEGER - 1

test('a range has its fork on the way of every position that it holds, and inside of itself', async () => {
  const range = fc
    .tuple(
      fc.oneof(fc.nat(200), fc.maxSafeNat()),
      fc.oneof(fc.nat(200), fc.maxSafeNat()),
      fc.double({ min: 0, max: 1, noNaN: true }),
    )
    .map(([one, other, share]) => {
      const from = Math.min(one, other, largest)
      const to = Math.max(one, other, from + 1)
      return { from, to, within: Math.min(to - 1, from + Math.floor((to - from) * share)) }
    })
  const ranges = fc.sample(range, 2_000)
  const wrong = await admin`
    select r.* from jsonb_to_recordset(${JSON.stringify(ranges)}::text::jsonb) as r("from" bigint, "to" bigint, within bigint)
     where state.range_fork("from", "to") <> all(state.range_forks(within))
        or state.range_fork("from", "to") not between "from" + 1 and "to"`
  expect(wrong).toEqual([])
})
