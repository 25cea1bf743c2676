import { expect, test } from 'vitest'
import { readDemoOptions } from '../../sandbox/demo-options.ts'

test('without options the demo has no past, and its usual port and folder', () => {
  expect(readDemoOptions([], {})).toEqual({ historyDays: 0, port: 3_000, state: null, help: false })
})

test.each([['30d'], ['30']])('--history %s plays thirty days', days => {
  expect(readDemoOptions(['--history', days], {}).historyDays).toBe(30)
})

test('an option goes before the environment', () => {
  const env = { PORT: '4000', ATTESTRY_STATE: '/state' }
  expect(readDemoOptions([], env)).toMatchObject({ port: 4_000, state: '/state' })
  expect(readDemoOptions(['--port', '5000', '--state', 'here'], env)).toMatchObject({
    port: 5_000,
    state: 'here',
  })
})

test.each([
  [['--history', 'a month'], '--history takes a number from 1 to 400, such as 30d.'],
  [['--history', '401d'], '--history takes a number from 1 to 400, such as 30d.'],
  [['--port', '0'], '--port takes a number from 1 to 65535, such as 3000.'],
  [['--ports', '3000'], "Unknown option '--ports'.\n\nUsage: npm start"],
  [['--port'], '--port'],
])('%j is refused in words', (args, words) => {
  expect(() => readDemoOptions(args, {})).toThrow(RangeError)
  expect(() => readDemoOptions(args, {})).toThrow(words)
})
