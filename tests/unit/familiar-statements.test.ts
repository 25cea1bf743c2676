import { expect, test } from 'vitest'
import { FamiliarStatements } from '../../db/familiar-statements.ts'

const statement = (sql: string) => ({ sql, params: [1] })

test('a statement is prepared from the third time on', () => {
  const familiar = new FamiliarStatements()
  const met = [1, 2, 3, 4].map(() => familiar.meet(statement('select $1')))
  expect(met).toEqual([false, false, true, true])
})

test('what has no parameter is not: its text is of one use', () => {
  const familiar = new FamiliarStatements()
  for (let time = 0; time < 5; time++) expect(familiar.meet({ sql: 'select 1', params: [] })).toBe(false)
})

test('however many texts there are, a session keeps 400 of them', () => {
  const familiar = new FamiliarStatements()
  const texts = Array.from({ length: 10_000 }, (_, index) => `select $1, ${index}`)
  const prepared = [1, 2, 3].flatMap(() => texts.filter(text => familiar.meet(statement(text))))
  expect(prepared).toHaveLength(400)
})
