import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AppError } from '../../server/errors.ts'
import { createLogger, redact } from '../../server/log.ts'
import { Secret } from '../../server/vault/secret.ts'

function capture() {
  const lines: string[] = []
  return { lines, logger: createLogger('debug', { write: line => void lines.push(line) }) }
}

const jwt = 'eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiJtYXJrZWQifQ.c2lnbmF0dXJlLW1hcmtlZA'
const marked = 'marked0123456789'

test.each([
  ['a bearer token', `Authorization: Bearer ${marked}`],
  ['a JSON Web Token', `got ${jwt} back`],
  ['a refresh token', `token 0.AXoA-${marked}.AgABAAEAAA${marked}${marked}${marked}`],
  ['an Entra client secret', `used abc8Q~${marked}${marked}A`],
  ['a webhook secret', `whsec_${marked}==`],
  ['a database address', `connect postgres://attestry_app:${marked}@db.test/attestry`],
  ['a form body', `client_id=1&client_secret=${marked}&grant_type=refresh_token`],
  ['an authorization code in an address', `/callback?code=${marked}&state=${marked}`],
  ['a body of JSON', `{"access_token":"${marked}","expires_in":3600}`],
  ['a body of JSON inside JSON', JSON.stringify({ body: `{"refresh_token": "${marked}"}` })],
])('%s is redacted in a message, in a field and in an error', (_, text) => {
  const { lines, logger } = capture()
  logger.error(
    { field: text, deep: { list: [text] }, err: new Error(text, { cause: new Error(text) }) },
    text,
  )
  expect(lines).toHaveLength(1)
  expect(lines[0]).not.toMatch(/marked0123|eyJzdWI/)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', err: { type: 'Error' } })
})

test('a field with a telling name is redacted, a secret prints as such, and error codes stay readable', () => {
  const { lines, logger } = capture()
  const fields = {
    password: marked,
    secret: new Secret(marked),
    cookie: marked,
    code: 'not_found',
    state: 'healthy',
  }
  logger.info(fields, 'done')
  expect(lines[0]).not.toContain(marked)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ code: 'not_found', state: 'healthy' })
})

test('an error is described without values of a query, response or request', () => {
  const { lines, logger } = capture()
  const failed = new Error(`Failed query: select 1 where a = $1\nparams: ${marked},\nand more ${marked}`)
  const error = new AppError('unavailable', 'the directory did not answer', {
    details: { status: 503 },
    cause: Object.assign(failed, { response: { body: marked }, config: { headers: marked }, code: '57P01' }),
  })
  logger.error({ err: error }, 'sync failed')
  expect(lines[0]).not.toContain(marked)
  expect(JSON.parse(lines[0] ?? '').err).toMatchObject({
    type: 'AppError',
    message: 'the directory did not answer',
    code: 'unavailable',
    details: { status: 503 },
    cause: { code: '57P01', message: 'Failed query: select 1 where a = $1' },
  })
})

test('a redacted line is still one line of JSON, for any content', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.constantFrom('password=', '"token":"', '://u:', 'Bearer '),
      (value, start) => {
        const line = JSON.stringify({ value, text: start + JSON.stringify(value) })
        expect(() => JSON.parse(redact(line))).not.toThrow()
      },
    ),
    { numRuns: 300 },
  )
})

test('below its level a logger is silent, and a child adds its fields', () => {
  const lines: string[] = []
  const logger = createLogger('warn', { write: line => void lines.push(line) }).child({ requestId: 'r-1' })
  logger.info({}, 'quiet')
  logger.warn({}, 'loud')
  expect(lines.map(line => JSON.parse(line))).toEqual([
    expect.objectContaining({ requestId: 'r-1', msg: 'loud' }),
  ])
})
