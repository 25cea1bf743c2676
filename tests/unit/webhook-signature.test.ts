import { expect, test } from 'vitest'
import { Secret } from '../../server/vault/secret.ts'
import { newSigningSecret, signatureHeaders } from '../../server/webhooks/sign.ts'

/** The example of the Standard Webhooks specification and its libraries. */
test('a message is signed as the published example is', () => {
  const headers = signatureHeaders(new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'), {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    at: new Date(1_614_265_330_000),
    body: '{"test": 2432232314}',
  })
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

test('a new secret holds 32 random bytes and is not printed', () => {
  const [one, other] = [newSigningSecret(), newSigningSecret()]
  expect(Buffer.from(one.reveal().slice('whsec_'.length), 'base64')).toHaveLength(32)
  expect(one.reveal()).not.toBe(other.reveal())
  expect(String(one)).toBe('[secret]')
})
